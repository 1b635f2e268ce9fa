import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';
import type { NewView } from '@/types';

export const viewsKey = ['views'] as const;

export function useViews() {
  return useQuery({
    queryKey: viewsKey,
    queryFn: async ({ signal }) => (await api.get('/views', { signal })).views,
    staleTime: 60_000,
  });
}

export function useSaveView() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewView) => api.post('/views', { body }),
    onSuccess: ({ view }) => {
      toasts.success(`Saved ${view.name}`);
      void queries.invalidateQueries({ queryKey: viewsKey });
    },
  });
}

export function useDeleteView() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete('/views/{id}', { path: { id } }),
    onSuccess: () => {
      toasts.success('View deleted');
      void queries.invalidateQueries({ queryKey: viewsKey });
    },
    onError: toasts.error,
  });
}
