/** Which of the selected jobs an action can change. Pure. */
import { canCancel, canDelete, canRetry, isTerminal, statuses } from '@/lib/status';
import type { Job, JobStatus, Narrowing } from '@/types';

export type Action = 'cancel' | 'retry' | 'delete';

export type Target = { ids: string[] } | { filter: Narrowing };

/** The jobs to act on, and how many of the selected rows are excluded by their state. */
export interface Aim {
  target: Target | null;
  skipped: number;
}

const can: Record<Action, (job: Job) => boolean> = { cancel: canCancel, retry: canRetry, delete: canDelete };

const reachable: Record<Action, JobStatus[]> = {
  cancel: statuses.filter((status) => !isTerminal(status)),
  retry: ['dlq', 'retrying'],
  delete: statuses.filter(isTerminal),
};

/** The selected rows that the action can change. */
export function aimAtRows(action: Action, selected: Job[]): Aim {
  const ids = selected.filter(can[action]).map((job) => job._id);
  return { target: ids.length > 0 ? { ids } : null, skipped: selected.length - ids.length };
}

/** The filter, narrowed to states that the action can change: the API then counts just those. */
export function aimAtFilter(action: Action, filter: Narrowing): Aim {
  const wanted = filter.status ?? [];
  const status = reachable[action].filter((one) => wanted.length === 0 || wanted.includes(one));
  return { target: status.length > 0 ? { filter: { ...filter, status } } : null, skipped: 0 };
}
