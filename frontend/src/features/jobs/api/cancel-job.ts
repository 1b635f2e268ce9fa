import { useMutation } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

export function useCancelJob() {
  return useMutation({
    mutationFn: async (id: string) => (await api.post('/job/{id}/cancel', { path: { id } })).job,
    onSuccess: (job) => { toasts.success(job.status === 'running' ? 'The worker was asked to stop the job' : 'Job cancelled'); },
    onError: toasts.error,
  });
}
