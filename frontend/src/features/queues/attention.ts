/** Which queues need attention. Pure. */
import type { Queue } from '@/types';

/** A job that has been ready for longer waits too long, whatever the load. */
export const LONG_WAIT_MS = 5 * 60_000;

const waitsLong = ({ oldestAgeMs }: Queue): boolean => (oldestAgeMs ?? 0) >= LONG_WAIT_MS;

/** Its jobs wait and none runs: it is paused, or they have been waiting for long. */
export function needsAttention(queue: Queue): boolean {
  return queue.ready > 0 && (queue.paused || waitsLong(queue));
}

/** Queues that need attention first, else in their order, which is kept while the page is open. */
export function byAttention(queues: Queue[]): Queue[] {
  return [...queues.filter(needsAttention), ...queues.filter((queue) => !needsAttention(queue))];
}
