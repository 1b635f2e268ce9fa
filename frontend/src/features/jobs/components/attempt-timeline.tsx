import { Hourglass } from 'lucide-react';

import { Age } from '@/components/age';
import { Section } from '@/components/page';
import { EmptyState } from '@/components/states';
import { dateTime, duration, time } from '@/lib/format';
import { plainText } from '@/lib/plain-text';
import { useNow } from '@/lib/use-now';
import type { JobDetail, Outcome } from '@/types';

import { beginsVersion } from '../payload-versions';
import { timeline, type Bar } from '../timeline';
import { TraceLink } from './trace-link';

const outcomeLabel: Record<Outcome, string> = {
  completed: 'Completed', failed: 'Failed', timed_out: 'Timed out', cancelled: 'Cancelled', lost: 'Worker lost', interrupted: 'Worker stopped', snoozed: 'Snoozed', waiting: 'Waits', continued: 'Handed over',
};
const outcomeStatus: Record<Outcome, string> = {
  completed: 'completed', failed: 'dlq', timed_out: 'dlq', cancelled: 'cancelled', lost: 'dlq', interrupted: 'scheduled', snoozed: 'scheduled', waiting: 'waiting', continued: 'waiting',
};

const share = (value: number): string => `${String(value * 100)}%`;

function Track({ bar }: { bar: Bar }) {
  return (
    <div aria-hidden className="relative h-3.5 rounded bg-sunken">
      <span className="hatched absolute inset-y-1 rounded-sm" style={{ left: share(bar.waitFrom), width: share(bar.runFrom - bar.waitFrom) }} />
      <span className="absolute inset-y-0 min-w-1 rounded bg-(--s)" style={{ left: `min(${share(bar.runFrom)}, calc(100% - 4px))`, width: share(bar.to - bar.runFrom) }} />
    </div>
  );
}

function AttemptRow({ bar, edited }: { bar: Bar; edited: boolean }) {
  const { attempt } = bar;
  const outcome = attempt.outcome;
  return (
    <li data-status={outcome ? outcomeStatus[outcome] : 'running'} className="border-t border-line px-4 py-3">
      <div className="mb-1.5 flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
        <span className="num font-medium">Attempt {attempt.number}</span>
        {edited ? <span className="rounded-md border border-line px-1.5 text-xs text-ink-2">edited payload from here</span> : null}
        <span className="text-xs font-medium text-(--s)">{outcome ? outcomeLabel[outcome] : 'Running'}</span>
        <span className="num ml-auto text-xs text-ink-2">waited <b className="font-medium text-ink">{duration(bar.waitMs)}</b>, ran <b className="font-medium text-ink">{duration(bar.runMs)}</b></span>
      </div>
      <Track bar={bar} />
      <p className="num mt-1.5 flex flex-wrap gap-x-3 text-xs text-ink-3">
        <time dateTime={attempt.startedAt} title={dateTime(attempt.startedAt)}>{time(attempt.startedAt)}</time>
        <span className="truncate">{attempt.workerId}</span>
        {attempt.traceUrl ? <TraceLink href={attempt.traceUrl} label={`Open the trace of attempt ${String(attempt.number)}`} /> : null}
        {attempt.error ? <span className="min-w-0 basis-full truncate text-ink-2"><span className="text-dlq">{attempt.error.type}</span> {plainText(attempt.error.message)}</span> : null}
      </p>
    </li>
  );
}

export function AttemptTimeline({ job }: { job: JobDetail }) {
  const running = job.status === 'running';
  const now = useNow(running);
  const { bars, spanMs } = timeline(job.attempts, Date.parse(job.con), now);
  return (
    <Section title="Attempts" aside={bars.length > 0 ? <span className="num text-xs text-ink-3">{duration(spanMs)} in total</span> : null}>
      {bars.length === 0 ? <EmptyState icon={Hourglass} title={job.attempt > 0 ? 'No attempts recorded' : 'Not started yet'}>{job.status === 'scheduled' ? <>Due <Age at={job.readyAt} /></> : null}</EmptyState> : (
        <ol className="mt-2">{bars.map((bar) => <AttemptRow key={bar.attempt.number} bar={bar} edited={beginsVersion(job, bar.attempt.number)} />)}</ol>
      )}
    </Section>
  );
}
