import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

import { batchesKey } from './list-batches';

export function useBatch(id: string) {
  return useQuery({
    queryKey: [...batchesKey, 'one', id],
    queryFn: async ({ signal }) => (await api.get('/batches/{id}', { path: { id }, signal })).batch,
    refetchInterval: 30_000,
  });
}
