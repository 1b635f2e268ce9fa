import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import { membersKey } from './list-members';

export function useRemoveMember() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete('/members/{id}', { path: { id } }),
    onSuccess: () => {
      toasts.success('Member removed');
      void queries.invalidateQueries({ queryKey: membersKey });
    },
    onError: toasts.error,
  });
}
