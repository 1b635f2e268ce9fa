/** How far many jobs are, in words and shares. Pure. */
import { count } from '@/lib/format';
import type { JobBatch, JobStatus } from '@/types';

/** Jobs by what became of them; of a batch, or of the map of a node. */
export type Progress = Pick<JobBatch, 'total' | 'done' | 'failed' | 'cancelled' | 'running' | 'waiting'>;

export interface Share {
  status: JobStatus;
  label: string;
  jobs: number;
  /** 0…100. */
  percent: number;
}

const parts = [
  ['done', 'completed', 'Completed'],
  ['failed', 'dlq', 'Failed'],
  ['cancelled', 'cancelled', 'Cancelled'],
  ['running', 'running', 'Running'],
  ['waiting', 'pending', 'Queued'],
] as const;

/** The jobs by what became of them, all five, in the order of a bar. */
export function sharesOf(progress: Progress): Share[] {
  return parts.map(([name, status, label]) => ({ status, label, jobs: progress[name], percent: progress.total === 0 ? 0 : (100 * progress[name]) / progress.total }));
}

export const endedOf = ({ done, failed, cancelled }: Progress): number => done + failed + cancelled;

/** “3 of 10 done, 2 failed” */
export function progressText(progress: Progress): string {
  const { done, failed, cancelled, total } = progress;
  return [`${count(done)} of ${count(total)} done`, failed > 0 && `${count(failed)} failed`, cancelled > 0 && `${count(cancelled)} cancelled`].filter(Boolean).join(', ');
}
