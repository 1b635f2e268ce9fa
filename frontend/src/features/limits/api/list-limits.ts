import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

export const limitsKey = ['limits'] as const;

/** The limits that tasks declare, as they stand for one's own workspace. */
export function useLimits() {
  return useQuery({
    queryKey: limitsKey,
    queryFn: async ({ signal }) => (await api.get('/limits', { signal })).limits,
    refetchInterval: 10_000,
  });
}
