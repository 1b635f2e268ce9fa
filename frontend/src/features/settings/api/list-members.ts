import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

export const membersKey = ['members'] as const;

export function useMembers({ enabled = true } = {}) {
  return useQuery({
    queryKey: membersKey,
    queryFn: async ({ signal }) => (await api.get('/members', { signal })).members,
    enabled,
  });
}
