import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import { apiKeysKey } from './list-api-keys';

export function useRevokeApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete('/api-keys/{id}', { path: { id } }),
    onSuccess: () => { toasts.success('API key revoked'); },
    onError: toasts.error,
    onSettled: () => { void queries.invalidateQueries({ queryKey: apiKeysKey }); },
  });
}
