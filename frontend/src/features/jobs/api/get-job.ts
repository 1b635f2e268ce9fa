import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { plainNumbers } from '@/lib/json';
import { jobBook } from '@/live/job-book';

const PENDING_MS = 3_000;

export const jobKey = (id: string) => ['job', id] as const;
/** All pages of the steps of a job. */
export const stepsKey = (id: string) => [...jobKey(id), 'steps'] as const;

export function useJob(id: string) {
  return useQuery({
    queryKey: jobKey(id),
    queryFn: async ({ signal }) => {
      const { job } = await api.get('/job/{id}', { path: { id }, signal, asWritten: true });
      // The task's own data stays as it was written; the rest is ours, and the page calculates with it.
      const { payload, result, earlierPayloads, ...ours } = job;
      return jobBook.newest({ ...plainNumbers(ours), payload, result, earlierPayloads });
    },
    // No event says that the reason why it waits has changed.
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? PENDING_MS : false),
  });
}
