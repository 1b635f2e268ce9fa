import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';
import type { JobDetail, Replay } from '@/types';

import { jobKey } from './get-job';
import { jobsKey } from './list-jobs';

/** Replays that the API lists. */
const SHOWN = 20;

/** Runs an ended job again as a new job. */
export function useReplayJob(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: Replay) => (await api.post('/job/{id}/replay', { path: { id }, body })).job,
    onSuccess: (job) => {
      toasts.success(`Created “${job.name}”`);
      void queries.invalidateQueries({ queryKey: jobsKey });
      // Written, not read again: the page is left now, which would call the reading off.
      queries.setQueryData<JobDetail>(jobKey(id), (origin) => origin && { ...origin, replays: [job, ...origin.replays].slice(0, SHOWN) });
    },
  });
}
