import { useMutation, useQueryClient } from '@tanstack/react-query';

import { jobKey } from '@/features/jobs/api/get-job';
import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

/** Redrives one job with a corrected payload. */
export function useRedriveOne() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, payload }: { id: string; payload: Record<string, unknown> }) => (await api.post('/dlq/{id}/redrive', { path: { id }, body: { payload } })).job,
    onSuccess: (job) => {
      toasts.success('Job queued again');
      void queries.invalidateQueries({ queryKey: ['dlq'] });
      void queries.invalidateQueries({ queryKey: jobKey(job._id) });
    },
  });
}
