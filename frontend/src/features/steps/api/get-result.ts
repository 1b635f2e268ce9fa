import { useQuery } from '@tanstack/react-query';

import { jobKey } from '@/features/jobs/api/get-job';
import { api } from '@/lib/api-client';
import type { Step } from '@/types';

import { STEPS } from './list-steps';

type Identity = Pick<Step, 'name' | 'n'>;

/** The result of the step that is number `at` of its job; one that began earlier, but was recorded since, moves it. */
async function read(id: string, { name, n }: Identity, at: number, signal: AbortSignal): Promise<unknown> {
  const isIt = (step: Step): boolean => step.name === name && step.n === n;
  const whole = async (after: number): Promise<Step | undefined> => (await api.get('/job/{id}/steps', { path: { id }, query: { after, limit: 1, results: true }, signal, asWritten: true })).steps.find(isIt);
  const there = await whole(at);
  if (there) return there.result ?? null;
  const { steps } = await api.get('/job/{id}/steps', { path: { id }, query: { after: at, limit: STEPS }, signal });
  const moved = await whole(at + Math.max(0, steps.findIndex(isIt)));
  if (!moved) throw new Error('The step was not found. It may belong to a series of attempts that has ended.');
  return moved.result ?? null;
}

/** What a step returned, its numbers as they are written. A result does not change. */
export function useResult(id: string, step: Step, at: number) {
  return useQuery({
    queryKey: [...jobKey(id), 'result', step.name, step.n, step.endedAt],
    queryFn: ({ signal }) => read(id, step, at, signal),
    staleTime: Infinity,
  });
}
