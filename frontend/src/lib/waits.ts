/** What a waiting job waits for, in words. Pure. */
import type { Job } from '@/types';

import { shortTime } from './format';

const EVENT = 'event:';
const JOB = 'job:';

type Waiting = Pick<Job, 'waitsFor' | 'readyAt'>;

/** Names of the events that end its wait. */
export const eventsAwaited = ({ waitsFor = [] }: Pick<Job, 'waitsFor'>): string[] => waitsFor.filter((wait) => wait.startsWith(EVENT)).map((wait) => wait.slice(EVENT.length));

/** Ids of the jobs whose end ends its wait. */
export const jobsAwaited = ({ waitsFor = [] }: Pick<Job, 'waitsFor'>): string[] => waitsFor.filter((wait) => wait.startsWith(JOB)).map((wait) => wait.slice(JOB.length));

/** “Waits for event approval”, “Waits until 25 Nov, 13:20” */
export function waitText(job: Waiting): string {
  const jobs = jobsAwaited(job).length;
  const waits = [...eventsAwaited(job).map((name) => `event ${name}`), ...(jobs > 0 ? [jobs === 1 ? 'another job' : `${String(jobs)} jobs`] : [])];
  return waits.length > 0 ? `Waits for ${waits.join(', ')}` : `Waits until ${shortTime(job.readyAt)}`;
}
