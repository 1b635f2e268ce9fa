import { useMutation } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

export function useDeleteJob() {
  return useMutation({
    mutationFn: (id: string) => api.delete('/job/{id}', { path: { id } }),
    onSuccess: () => { toasts.success('Deleted'); },
    onError: toasts.error,
  });
}
