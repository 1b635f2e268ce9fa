import type { Job, JobBatch, JobStatus, Workflow } from '@/types';

export const statuses = ['blocked', 'scheduled', 'pending', 'running', 'retrying', 'waiting', 'completed', 'dlq', 'cancelled', 'skipped'] as const satisfies JobStatus[];

export const statusLabel: Record<JobStatus, string> = {
  blocked: 'Blocked',
  scheduled: 'Scheduled',
  pending: 'Pending',
  running: 'Running',
  retrying: 'Retrying',
  waiting: 'Waiting',
  completed: 'Completed',
  dlq: 'Failed',
  cancelled: 'Cancelled',
  skipped: 'Skipped',
};

/** The state of a batch or a workflow. */
export type GroupState = JobBatch['status'] | Workflow['status'];

/** The state of a job which that of a batch or a workflow resembles. */
export const groupStatus: Record<GroupState, JobStatus> = {
  submitting: 'pending', starting: 'pending', running: 'running', completed: 'completed', failed: 'dlq', cancelled: 'cancelled', undone: 'cancelled',
};

export const hasEnded = (state: GroupState): boolean => isTerminal(groupStatus[state]);

const ended: ReadonlySet<JobStatus> = new Set(['completed', 'dlq', 'cancelled', 'skipped']);

export const isTerminal = (status: JobStatus): boolean => ended.has(status);

/** Tries of a job in its present series, of those it has; a redrive begins another series, which has all of them again. */
export function attemptsOf({ status, attempt, retryCount, maxRetries }: Pick<Job, 'status' | 'attempt' | 'retryCount' | 'maxRetries'>): string {
  // A waiting job is in the middle of a try.
  const begun = ['running', 'waiting', 'completed', 'dlq', 'cancelled'].includes(status) ? 1 : 0;
  return `${String(Math.min(attempt, retryCount + begun, maxRetries + 1))}/${String(maxRetries + 1)}`;
}

interface Actionable {
  status: JobStatus;
  cancelRequested?: boolean;
}

export const canCancel = (job: Actionable): boolean => !isTerminal(job.status) && job.cancelRequested !== true;
export const canRetry = (job: Actionable): boolean => job.status === 'dlq' || job.status === 'retrying';
/** Ends the wait of a job that is not due yet. Only for a job one looks at: many at once are seldom meant to be early. */
export const canHurry = (job: Actionable): boolean => job.status === 'scheduled';
/** A new job is made of it; it stays as it is. */
export const canReplay = (job: Actionable): boolean => isTerminal(job.status);
export const canDelete = (job: Actionable): boolean => isTerminal(job.status);
