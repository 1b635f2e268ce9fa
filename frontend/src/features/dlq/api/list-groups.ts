import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import type { Scope } from '@/types';

export function useGroups(scope: Scope, enabled = true) {
  return useQuery({
    queryKey: ['dlq', 'groups', scope],
    queryFn: async ({ signal }) => (await api.get('/dlq/groups', { query: { scope }, signal })).groups,
    enabled,
    refetchInterval: 20_000,
  });
}
