import { useMutation } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

/** From the DLQ: a new series of attempts; retrying: the next attempt now; scheduled: the first attempt now. */
export function useRetryJob() {
  return useMutation({
    mutationFn: async (id: string) => (await api.post('/job/{id}/retry', { path: { id } })).job,
    onSuccess: () => { toasts.success('Job queued'); },
    onError: toasts.error,
  });
}
