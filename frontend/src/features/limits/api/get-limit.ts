import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

import { limitsKey } from './list-limits';

export function useLimit(name: string) {
  return useQuery({
    queryKey: [...limitsKey, name],
    queryFn: async ({ signal }) => (await api.get('/limits/{name}', { path: { name }, signal })).limit,
    refetchInterval: 5_000,
  });
}
