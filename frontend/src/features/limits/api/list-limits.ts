import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

export const limitsKey = ['limits'] as const;

/** The limits that tasks declare, as they stand for one's own workspace, and that of all its jobs. */
export function useLimits() {
  return useQuery({
    queryKey: limitsKey,
    queryFn: ({ signal }) => api.get('/limits', { signal }),
    refetchInterval: 10_000,
  });
}
