import type { Step } from '@/types';

/** When the steps of tests begin; `at(3)` is 3 s later. */
export const at = (s: number): string => new Date(Date.parse('2026-01-01T00:00:00.000Z') + s * 1000).toISOString();

/** A step for tests that took a second. */
export function step(name: string, from: number, changes: Partial<Step> = {}): Step {
  return { name, n: 1, kind: 'step', status: 'completed', startedAt: at(from), endedAt: at(from + 1), attempts: 1, attempt: 1, version: 1, until: null, error: null, resultBytes: 2, jobId: null, ...changes };
}
