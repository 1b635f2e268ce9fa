import { useMutation } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

/** Deletes a job; `onDone` is called even if the page of the job has meanwhile noticed that it is gone. */
export function useDeleteJob(onDone: () => void) {
  return useMutation({
    mutationFn: (id: string) => api.delete('/job/{id}', { path: { id } }),
    onSuccess: () => {
      toasts.success('Job deleted');
      onDone();
    },
    onError: toasts.error,
  });
}
