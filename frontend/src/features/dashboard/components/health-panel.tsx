import { Link } from 'react-router';

import { Section } from '@/components/page';
import { StaleBadge } from '@/components/stale-badge';
import { useSeries } from '@/features/metrics/api/get-series';
import { useQueues } from '@/features/queues/api/list-queues';
import { useScopedLink } from '@/features/session/use-scope';
import { count, percent } from '@/lib/format';
import type { Queue } from '@/types';

import { MeasuredScope } from './measured-scope';

/** Of the jobs that ended in the last hour; one that gave up stays counted when it is redriven. */
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

function Depth({ queue, most }: { queue: Queue; most: number }) {
  const link = useScopedLink();
  return (
    <li className="grid grid-cols-[minmax(0,7rem)_1fr_auto] items-center gap-3 py-1">
      <Link to={link('/', { queue: queue.name, status: 'pending' })} className="truncate text-[0.8125rem] hover:underline">{queue.name}</Link>
      <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-line">
        <span className={`block h-full rounded-full ${queue.paused ? 'bg-retrying' : 'bg-running'}`} style={{ width: `${String((queue.ready / most) * 100)}%` }} />
      </span>
      <span className="num text-right text-[0.8125rem] font-medium">{count(queue.ready)}{queue.paused ? <span className="ml-1 text-xs font-normal text-retrying">paused</span> : null}</span>
    </li>
  );
}

function QueueDepth() {
  const link = useScopedLink();
  const queues = useQueues().data ?? [];
  const deepest = [...queues].sort((a, b) => b.ready - a.ready);
  const most = Math.max(1, ...queues.map(({ ready }) => ready));
  return (
    <div className="border-t border-line px-4 py-2.5">
      <p className="mb-1 flex justify-between text-ink-2"><span>Queue depth</span><Link to={link('/queues')} className="text-xs text-accent hover:underline">All queues</Link></p>
      <ul>{deepest.slice(0, SHOWN).map((queue) => <Depth key={queue.name} queue={queue} most={most} />)}</ul>
    </div>
  );
}

export function HealthPanel() {
  const series = useSeries({ window: 'hour' });
  return (
    <Section title="Health" aside={<><StaleBadge query={series} /><MeasuredScope /></>}>
      <SuccessRate />
      <QueueDepth />
    </Section>
  );
}
