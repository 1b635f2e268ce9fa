import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

export function useWorkers() {
  return useQuery({
    queryKey: ['workers'],
    queryFn: async ({ signal }) => (await api.get('/workers', { signal })).workers,
    refetchInterval: 5_000,
  });
}
