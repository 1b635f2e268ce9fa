import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';
import type { Replay } from '@/types';

import { jobKey } from './get-job';
import { jobsKey } from './list-jobs';

/** Runs an ended job again as a new job. */
export function useReplayJob(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: Replay) => (await api.post('/job/{id}/replay', { path: { id }, body })).job,
    onSuccess: (job) => {
      toasts.success(`Created “${job.name}”`);
      void queries.invalidateQueries({ queryKey: jobsKey });
      void queries.invalidateQueries({ queryKey: jobKey(id) });
    },
  });
}
