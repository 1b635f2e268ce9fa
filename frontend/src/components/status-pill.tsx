import { Ban, CalendarClock, CheckCircle2, CircleDashed, Hourglass, LoaderCircle, RotateCw, SkipForward, XCircle } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

import { cx } from '@/lib/cx';
import { statusLabel } from '@/lib/status';
import type { JobStatus } from '@/types';

const icons: Record<JobStatus, LucideIcon> = {
  blocked: Hourglass,
  scheduled: CalendarClock,
  pending: CircleDashed,
  running: LoaderCircle,
  retrying: RotateCw,
  waiting: Hourglass,
  completed: CheckCircle2,
  dlq: XCircle,
  cancelled: Ban,
  skipped: SkipForward,
};

/** A state by colour, shape and word, so that none of the three is needed alone. */
export function StatusPill({ status, cancelling = false }: { status: JobStatus; cancelling?: boolean }) {
  const Icon = icons[status];
  return (
    <span
      data-status={status}
      className="tint inline-flex h-6 items-center gap-1.5 rounded-full pr-2.5 pl-2 text-xs font-medium whitespace-nowrap"
    >
      <Icon aria-hidden className={cx('size-3.5', status === 'running' && 'animate-spin [animation-duration:2.4s]')} />
      {cancelling && status === 'running' ? 'Cancelling' : statusLabel[status]}
    </span>
  );
}
