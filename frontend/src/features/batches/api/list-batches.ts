import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { queryOf, type ListFilter } from '@/features/session/use-list-filter';
import { api } from '@/lib/api-client';
import type { JobBatch } from '@/types';

/** All that is read of batches: lists, one. */
export const batchesKey = ['batches'] as const;
const LIMIT = 50;

export function useBatches(filter: ListFilter) {
  return useQuery({
    queryKey: [...batchesKey, 'list', filter],
    queryFn: ({ signal }) => api.get('/batches', { query: { ...queryOf(filter, LIMIT), ...(filter.status && { status: filter.status as JobBatch['status'] }) }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
}
