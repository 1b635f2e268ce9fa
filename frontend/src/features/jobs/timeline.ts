/** Attempts of a job on one axis of time. Pure. */
import type { Attempt } from '@/types';

export interface Bar {
  attempt: Attempt;
  /** Shares of the axis, 0…1: where waiting began, where running began, where it ended. */
  waitFrom: number;
  runFrom: number;
  to: number;
  waitMs: number;
  runMs: number;
}

export interface Timeline {
  bars: Bar[];
  fromMs: number;
  spanMs: number;
}

/** A bar per attempt, in order. One that still runs ends `now` (epoch ms). */
export function timeline(attempts: Attempt[], createdMs: number, now: number): Timeline {
  const end = (attempt: Attempt): number => (attempt.endedAt ? Date.parse(attempt.endedAt) : now);
  const first = attempts[0];
  // A redriven or delayed job waited long before its first stored attempt: begin there.
  const fromMs = first ? Math.max(createdMs, Date.parse(first.startedAt) - first.waitMs) : createdMs;
  const spanMs = Math.max(1, ...attempts.map((attempt) => end(attempt) - fromMs));
  const share = (ms: number): number => Math.min(1, Math.max(0, (ms - fromMs) / spanMs));
  const bars = attempts.map((attempt) => {
    const started = Date.parse(attempt.startedAt);
    const runMs = attempt.endedAt ? attempt.runMs : Math.max(0, now - started);
    return { attempt, waitFrom: share(started - attempt.waitMs), runFrom: share(started), to: share(end(attempt)), waitMs: attempt.waitMs, runMs };
  });
  return { bars, fromMs, spanMs };
}
