import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

export const apiKeysKey = ['api-keys'] as const;

export function useApiKeys() {
  return useQuery({ queryKey: apiKeysKey, queryFn: ({ signal }) => api.get('/api-keys', { signal }) });
}
