import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

export const queuesKey = ['queues'] as const;

export function useQueues() {
  return useQuery({
    queryKey: queuesKey,
    queryFn: async ({ signal }) => (await api.get('/queues', { signal })).queues,
    refetchInterval: 10_000,
  });
}
