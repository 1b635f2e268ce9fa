import { useMutation, useQueryClient } from '@tanstack/react-query';

import { jobKey } from '@/features/jobs/api/get-job';
import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import type { RedriveOptions } from '../redrive';
import { insideKey } from './list-dead';

interface Redrive extends RedriveOptions {
  id: string;
}

/** Only the retry of a job takes a step. */
const send = async ({ id, payload, fromStep }: Redrive) => (fromStep === undefined
  ? (await api.post('/dlq/{id}/redrive', { path: { id }, body: payload ? { payload } : {} })).job
  : (await api.post('/job/{id}/retry', { path: { id }, body: { fromStep } })).job);

/** Redrives one job, with a corrected payload or from a step if wanted. */
export function useRedriveOne() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: (job) => {
      toasts.success('Job queued again');
      for (const queryKey of [['dlq'], insideKey]) void queries.invalidateQueries({ queryKey });
      void queries.invalidateQueries({ queryKey: jobKey(job._id) });
    },
  });
}
