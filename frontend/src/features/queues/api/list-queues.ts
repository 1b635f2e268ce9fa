import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

export const queuesKey = ['queues'] as const;

/** Queues of one's own tenant, or of another one for an operator. */
export function useQueues(tenant?: string) {
  return useQuery({
    queryKey: [...queuesKey, tenant ?? null],
    queryFn: async ({ signal }) => (await api.get('/queues', { query: tenant ? { tenant } : {}, signal })).queues,
    refetchInterval: 10_000,
  });
}
