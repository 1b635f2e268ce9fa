import { useQuery } from '@tanstack/react-query';

import { stepsKey } from '@/features/jobs/api/get-job';
import { api } from '@/lib/api-client';
import type { JobDetail } from '@/types';

import { lastPage } from '../pages';

/** Steps on a page. */
export const STEPS = 200;
/** The API continues a list up to this many steps. */
const MOST = 20_000;
/** How often the steps of a running job are read: no event says that a step has ended. */
const STEP_MS = 2_000;
/** Of a job without steps, which may be about to record the first one. */
const NONE_MS = 5_000;

/** Steps of a job from number `after` on, in the order in which they began, and its events. */
export function useSteps({ _id: id, status }: Pick<JobDetail, '_id' | 'status'>, after = 0, enabled = true) {
  return useQuery({
    queryKey: [...stepsKey(id), after],
    queryFn: ({ signal }) => api.get('/job/{id}/steps', { path: { id }, query: { after, limit: STEPS }, signal }),
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
    refetchInterval: ({ state }) => (status === 'running' ? ((state.data?.steps.length ?? 0) > 0 ? STEP_MS : NONE_MS) : false),
    enabled,
  });
}

/** Where the last page of steps begins; `after` is a page that has some. */
export async function findLastPage(id: string, after: number): Promise<number> {
  const has = async (page: number): Promise<boolean> => (await api.get('/job/{id}/steps', { path: { id }, query: { after: page * STEPS, limit: 1 } })).steps.length > 0;
  return STEPS * (await lastPage(Math.floor(after / STEPS), MOST / STEPS, has));
}
