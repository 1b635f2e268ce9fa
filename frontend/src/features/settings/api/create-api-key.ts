import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { secrets } from '@/lib/secrets';
import type { KeyScope } from '@/types';

import { apiKeySecret } from '../secrets';
import { apiKeysKey } from './list-api-keys';

export interface NewApiKey {
  name: string;
  scopes: KeyScope[];
  expiresAt?: string;
}

/** The secret is shown once, wherever the page is by then. */
export function useCreateApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (key: NewApiKey) => api.post('/api-keys', { body: key }),
    onSuccess: ({ apiKey, secret }) => {
      secrets.hold(apiKeySecret(apiKey.name, secret));
      void queries.invalidateQueries({ queryKey: apiKeysKey });
    },
  });
}
