import { Ban, CalendarClock, CheckCircle2, CircleDashed, Hourglass, LoaderCircle, RotateCw, SkipForward, Timer, XCircle } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

import { cx } from '@/lib/cx';
import { groupStatus, statusLabel, type GroupState } from '@/lib/status';
import type { JobStatus } from '@/types';

const icons: Record<JobStatus, LucideIcon> = {
  blocked: Hourglass,
  scheduled: CalendarClock,
  pending: CircleDashed,
  running: LoaderCircle,
  retrying: RotateCw,
  waiting: Timer,
  completed: CheckCircle2,
  dlq: XCircle,
  cancelled: Ban,
  skipped: SkipForward,
};

export function StatusIcon({ status, className }: { status: JobStatus; className?: string }) {
  const Icon = icons[status];
  return <Icon aria-hidden className={cx('size-3.5 shrink-0', status === 'running' && 'animate-spin [animation-duration:2.4s]', className)} />;
}

function Pill({ status, children }: { status: JobStatus; children: string }) {
  return (
    <span data-status={status} className="tint inline-flex h-6 shrink-0 items-center gap-1.5 rounded-full pr-2.5 pl-2 text-xs font-medium whitespace-nowrap">
      <StatusIcon status={status} />
      {children}
    </span>
  );
}

/** A state by colour, shape and word, so that none of the three is needed alone. */
export function StatusPill({ status, cancelling = false }: { status: JobStatus; cancelling?: boolean }) {
  return <Pill status={status}>{cancelling && status === 'running' ? 'Cancelling' : statusLabel[status]}</Pill>;
}

/** The state of a batch or a workflow; its colour and shape are those of the state of a job which it resembles. */
export function GroupPill({ state, cancelling = false }: { state: GroupState; cancelling?: boolean }) {
  const status = groupStatus[state];
  return <Pill status={status}>{cancelling && status === 'running' ? 'Cancelling' : statusLabel[status]}</Pill>;
}
