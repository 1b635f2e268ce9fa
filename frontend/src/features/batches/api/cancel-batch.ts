import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import { batchesKey } from './list-batches';

export function useCancelBatch() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => (await api.post('/batches/{id}/cancel', { path: { id } })).batch,
    onSuccess: ({ status }) => { toasts.success(status === 'cancelled' ? 'Batch cancelled' : 'The batch is being cancelled. Running jobs were asked to stop.'); },
    onError: toasts.error,
    onSettled: () => { void queries.invalidateQueries({ queryKey: batchesKey }); },
  });
}
