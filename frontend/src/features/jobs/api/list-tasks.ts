import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

export function useTasks() {
  return useQuery({
    queryKey: ['tasks'],
    queryFn: async ({ signal }) => (await api.get('/tasks', { signal })).tasks,
    staleTime: 60_000,
  });
}
