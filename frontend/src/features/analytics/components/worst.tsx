import { Link } from 'react-router';

import { Section } from '@/components/page';
import { useScopedLink } from '@/features/session/use-scope';
import { count, duration, plural } from '@/lib/format';
import type { Analytics } from '@/types';

import { change } from '../filter';

const line = 'flex min-w-0 items-baseline gap-3 border-t border-line px-4 py-2.5';

function Empty() {
  return <p className="px-4 py-6 text-ink-2">None in this period.</p>;
}

/** Errors of jobs that failed in the range and are still in dead letters. */
export function TopErrors({ errors }: Pick<Analytics, 'errors'>) {
  const to = useScopedLink();
  return (
    <Section title="Top errors" aside={<span className="text-xs text-ink-3">in dead letters now</span>}>
      {errors.length === 0 ? <Empty /> : (
        <ul className="mt-2">{errors.map(({ group, type, message, current, previous }) => (
          <li key={group} className={line}>
            <Link to={to(`/dlq?group=${group}`)} className="min-w-0 flex-1 truncate hover:underline"><b className="font-medium">{type}</b> {message}</Link>
            <span className="num text-ink-2">{change(current, previous)}</span>
            <span className="num font-medium">{count(current)}</span>
          </li>
        ))}</ul>
      )}
    </Section>
  );
}

export function SlowestTasks({ rows }: { rows: Analytics['slowest'] }) {
  return (
    <Section title="Slowest tasks" aside={<span className="text-xs text-ink-3">p95 of the run time</span>}>
      {rows.length === 0 ? <Empty /> : <ol className="mt-2">{rows.map(({ name, current, previous }) => <li key={name} className={line}><span className="min-w-0 flex-1 truncate">{name}</span><span className="num text-ink-2">{change(current.run.p95, previous.run.p95)}</span><span className="num font-medium">{duration(current.run.p95)}</span></li>)}</ol>}
    </Section>
  );
}

export function MostRetried({ rows }: { rows: Analytics['mostRetried'] }) {
  return (
    <Section title="Retried most">
      {rows.length === 0 ? <Empty /> : <ol className="mt-2">{rows.map(({ name, current, previous }) => <li key={name} className={line}><span className="min-w-0 flex-1 truncate">{name}</span><span className="num text-ink-2">{change(current.retried, previous.retried)}</span><span className="num font-medium">{plural(current.retried, 'retry', 'retries')}</span></li>)}</ol>}
    </Section>
  );
}

/** What each worker did; by the records, which the API counts in a limited time. */
export function Workers({ workers }: Pick<Analytics, 'workers'>) {
  return (
    <Section title="By worker">
      {workers === null ? <p className="px-4 py-6 text-ink-2">Counting by worker takes too long for this period; choose a shorter one.</p> : workers.length === 0 ? <Empty /> : (
        <ul className="mt-2">{workers.map(({ workerId, attempts, failed, runMs }) => <li key={workerId} className={line}><span className="min-w-0 flex-1 truncate font-mono text-xs">{workerId}</span><span className="num text-ink-2">{plural(attempts, 'attempt')}, {count(failed)} failed</span><span className="num font-medium">{duration(runMs)}</span></li>)}</ul>
      )}
    </Section>
  );
}
