import { Link } from 'react-router';

import { Section } from '@/components/page';
import { StaleBadge } from '@/components/stale-badge';
import { useStats } from '@/features/jobs/api/get-stats';
import { useQueues } from '@/features/queues/api/list-queues';
import { count, percent } from '@/lib/format';
import type { Queue, Scope } from '@/types';

function SuccessRate({ scope }: { scope: Scope }) {
  const stats = useStats(scope).data;
  const ended = stats ? stats.completed + stats.failed : 0;
  const share = stats && ended > 0 ? stats.completed / ended : null;
  return (
    <div className="px-4 pt-1 pb-3">
      <p className="flex items-baseline justify-between gap-2">
        <span className="text-ink-2">Success rate</span>
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
  return (
    <li className="grid grid-cols-[minmax(0,7rem)_1fr_auto] items-center gap-3 py-1">
      <Link to={`/?queue=${encodeURIComponent(queue.name)}&status=pending`} className="truncate text-[0.8125rem] hover:underline">{queue.name}</Link>
      <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-line">
        <span className={`block h-full rounded-full ${queue.paused ? 'bg-retrying' : 'bg-running'}`} style={{ width: `${String((queue.ready / most) * 100)}%` }} />
      </span>
      <span className="num text-right text-[0.8125rem] font-medium">{count(queue.ready)}{queue.paused ? <span className="ml-1 text-xs font-normal text-retrying">paused</span> : null}</span>
    </li>
  );
}

function QueueDepth() {
  const queues = useQueues().data ?? [];
  const deepest = [...queues].sort((a, b) => b.ready - a.ready);
  const most = Math.max(1, ...queues.map(({ ready }) => ready));
  return (
    <div className="border-t border-line px-4 py-2.5">
      <p className="mb-1 flex justify-between text-ink-2"><span>Queue depth</span><Link to="/queues" className="text-xs text-accent hover:underline">All queues</Link></p>
      <ul>{deepest.slice(0, SHOWN).map((queue) => <Depth key={queue.name} queue={queue} most={most} />)}</ul>
    </div>
  );
}

export function HealthPanel({ scope }: { scope: Scope }) {
  const stats = useStats(scope);
  return (
    <Section title="Health" aside={<StaleBadge query={stats} />} className="lg:col-span-1">
      <SuccessRate scope={scope} />
      <QueueDepth />
    </Section>
  );
}
