import { Link } from 'react-router';

import { Section } from '@/components/page';
import { StaleBadge } from '@/components/stale-badge';
import { cardStatuses } from '@/features/jobs/filter';
import { useSeries } from '@/features/metrics/api/get-series';
import { MeasuredScope } from '@/features/metrics/components/measured-scope';
import { useQueues } from '@/features/queues/api/list-queues';
import { useTenants } from '@/features/queues/api/list-tenants';
import { useCaller } from '@/features/session/use-caller';
import { useScopedLink } from '@/features/session/use-scope';
import { count, percent } from '@/lib/format';

/** Of the jobs that ended in the last hour; a failed one stays counted when it is redriven. */
function SuccessRate() {
  const total = useSeries({ window: 'hour' }).data?.total;
  const ended = total ? total.completed + total.dlq : 0;
  const share = total && ended > 0 ? total.completed / ended : null;
  return (
    <div className="px-4 pt-1 pb-3">
      <p className="flex items-baseline justify-between gap-2">
        <span className="text-ink-2" title="Jobs that completed, of all that completed or failed in the last hour">Success rate, last hour</span>
        <span data-testid="success-rate" className="num text-lg font-semibold">{percent(share)}</span>
      </p>
      <div aria-hidden className="mt-1.5 flex h-1.5 overflow-hidden rounded-full bg-line">
        {share === null ? null : <><span className="bg-completed" style={{ width: `${String(share * 100)}%` }} /><span className="flex-1 bg-dlq" /></>}
      </div>
    </div>
  );
}

const SHOWN = 4;

interface Depth {
  name: string;
  waiting: number;
  paused?: boolean;
  /** Where these jobs are listed. */
  to: string;
}

function Row({ depth, most }: { depth: Depth; most: number }) {
  return (
    <li className="grid grid-cols-[minmax(0,7rem)_1fr_auto] items-center gap-3 py-1">
      <Link to={depth.to} className="truncate text-[0.8125rem] hover:underline">{depth.name}</Link>
      <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-line">
        <span className={`block h-full rounded-full ${depth.paused ? 'bg-retrying' : 'bg-running'}`} style={{ width: `${String((depth.waiting / most) * 100)}%` }} />
      </span>
      <span className="num text-right text-[0.8125rem] font-medium">{count(depth.waiting)}{depth.paused ? <span className="ml-1 text-xs font-normal text-retrying">paused</span> : null}</span>
    </li>
  );
}

/** The deepest first. */
function Depths({ title, depths }: { title: string; depths: Depth[] }) {
  const link = useScopedLink();
  const deepest = depths.toSorted((a, b) => b.waiting - a.waiting).slice(0, SHOWN);
  const most = Math.max(1, ...deepest.map(({ waiting }) => waiting));
  return (
    <div className="border-t border-line px-4 py-2.5">
      <p className="mb-1 flex justify-between text-ink-2"><span>{title}</span><Link to={link('/queues')} className="text-xs text-accent hover:underline">All queues</Link></p>
      <ul>{deepest.map((depth) => <Row key={depth.to} depth={depth} most={most} />)}</ul>
    </div>
  );
}

function QueueDepth() {
  const link = useScopedLink();
  const queues = useQueues().data ?? [];
  return <Depths title="Queue depth" depths={queues.map(({ name, ready, paused }) => ({ name, waiting: ready, paused, to: link('/', { queue: name, status: 'pending' }) }))} />;
}

/** Operators see workspaces, which own the queues, with most queued jobs. */
function WorkspaceDepth() {
  const link = useScopedLink();
  const tenants = useTenants({ limit: SHOWN }).data?.tenants ?? [];
  return <Depths title="Queued, by workspace" depths={tenants.map(({ id, name, pending }) => ({ name, waiting: pending, to: link('/', { tenant: id, status: cardStatuses.pending.join() }) }))} />;
}

export function HealthPanel() {
  const series = useSeries({ window: 'hour' });
  const operator = useCaller().role === 'operator';
  return (
    <Section title="Health" aside={<><StaleBadge query={series} /><MeasuredScope /></>}>
      <SuccessRate />
      {operator ? <WorkspaceDepth /> : <QueueDepth />}
    </Section>
  );
}
