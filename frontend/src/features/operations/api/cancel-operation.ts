import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import { operationsKey } from './list-operations';

export function useCancelOperation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => (await api.post('/operations/{id}/cancel', { path: { id } })).operation,
    onError: toasts.error,
    onSettled: () => { void queries.invalidateQueries({ queryKey: operationsKey }); },
  });
}
