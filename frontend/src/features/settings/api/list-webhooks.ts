import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

export const webhooksKey = ['webhooks'] as const;
/** Attempts happen without an event, so lists of webhooks and deliveries are read again. */
export const REFRESH_MS = 5_000;

export function useWebhooks() {
  return useQuery({ queryKey: webhooksKey, queryFn: ({ signal }) => api.get('/webhooks', { signal }), refetchInterval: REFRESH_MS });
}
