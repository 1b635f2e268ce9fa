import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import type { KeyScope } from '@/types';

import { apiKeysKey } from './list-api-keys';

export interface NewApiKey {
  name: string;
  scopes: KeyScope[];
  expiresAt?: string;
}

/** `secret` is shown this once. */
export function useCreateApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (key: NewApiKey) => api.post('/api-keys', { body: key }),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: apiKeysKey }); },
  });
}
