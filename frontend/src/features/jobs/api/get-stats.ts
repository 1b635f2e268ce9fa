import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import type { Scope } from '@/types';

export const statsKey = ['stats'] as const;

export function useStats(scope: Scope) {
  return useQuery({
    queryKey: [...statsKey, scope],
    queryFn: async ({ signal }) => (await api.get('/job/stats', { query: { scope }, signal })).stats,
    refetchInterval: 15_000,
  });
}
