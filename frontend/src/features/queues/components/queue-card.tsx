import { Pause, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { Button } from '@/components/button';
import { isAdmin, useCaller } from '@/features/session/use-caller';
import { useScopedLink } from '@/features/session/use-scope';
import { cx } from '@/lib/cx';
import { count, duration, rate } from '@/lib/format';
import type { Queue } from '@/types';

import { useSetPaused } from '../api/set-paused';
import { needsAttention } from '../attention';

function Number({ label, alarming = false, children }: { label: string; alarming?: boolean; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-xs text-ink-3">{label}</dt>
      <dd className={cx('num text-base font-semibold', alarming && 'text-dlq')}>{children}</dd>
    </div>
  );
}

function PauseButton({ queue, tenant }: { queue: Queue; tenant: string | undefined }) {
  const set = useSetPaused();
  const { name, paused } = queue;
  return (
    <Button size="sm" icon={paused ? <Play /> : <Pause />} busy={set.isPending} aria-label={`${paused ? 'Resume' : 'Pause'} ${name}`} onClick={() => { set.mutate({ name, paused: !paused, tenant }); }}>
      {paused ? 'Resume' : 'Pause'}
    </Button>
  );
}

export function QueueCard({ queue, tenant }: { queue: Queue; tenant?: string | undefined }) {
  const link = useScopedLink();
  const admin = isAdmin(useCaller().role);
  return (
    <li data-testid="queue" className="card flex min-w-0 flex-col gap-3 p-4">
      <header className="flex min-h-8 items-center gap-2.5">
        <h2 className="min-w-0 truncate text-[0.9375rem] font-semibold"><Link to={link('/', { queue: queue.name, ...(tenant && { tenant }) })} className="hover:underline">{queue.name}</Link></h2>
        <span data-status={queue.paused ? 'retrying' : 'completed'} className="tint rounded-full px-2 text-xs leading-5 font-medium">{queue.paused ? 'Paused' : 'Active'}</span>
        {queue.strict ? <span title="A job of a higher priority is always first" className="text-xs text-ink-3">Strict order</span> : null}
        <span className="ml-auto">{admin ? <PauseButton queue={queue} tenant={tenant} /> : null}</span>
      </header>
      <dl className="grid grid-cols-3 gap-x-4 gap-y-3">
        <Number label="Depth">{count(queue.ready)}</Number>
        <Number label="Running">{count(queue.running)}</Number>
        <Number label="Per minute">{rate(queue.ratePerMin)}</Number>
        <Number label="Oldest wait" alarming={needsAttention(queue)}>{queue.oldestAgeMs === null ? '–' : duration(queue.oldestAgeMs)}</Number>
        <Number label="Blocked">{count(queue.blocked)}</Number>
        <Number label="Scheduled">{count(queue.scheduled)}</Number>
        <Number label="Retrying">{count(queue.retrying)}</Number>
        <Number label="Waiting">{count(queue.waiting)}</Number>
      </dl>
    </li>
  );
}
