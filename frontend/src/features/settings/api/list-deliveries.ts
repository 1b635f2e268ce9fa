import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

import { REFRESH_MS, webhooksKey } from './list-webhooks';

const LIMIT = 20;

export function useDeliveries(webhook: string, cursor: string | undefined) {
  return useQuery({
    queryKey: [...webhooksKey, webhook, 'deliveries', cursor],
    queryFn: ({ signal }) => api.get('/webhooks/{id}/deliveries', { path: { id: webhook }, query: { limit: LIMIT, ...(cursor && { cursor }) }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}
