import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import type { Operation } from '@/types';

/** All that is read of operations: lists, one. */
export const operationsKey = ['operations'] as const;
const LIMIT = 50;
/** How often progress is read while an operation runs, in ms. */
const WATCHED_MS = 1_500;

export const isGoing = ({ status }: Operation): boolean => status !== null && !['completed', 'dlq', 'cancelled', 'skipped'].includes(status);

export function useOperations(cursor: string) {
  return useQuery({
    queryKey: [...operationsKey, 'list', cursor],
    queryFn: ({ signal }) => api.get('/operations', { query: { limit: LIMIT, ...(cursor && { cursor }) }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.operations.some(isGoing) ? WATCHED_MS : 30_000),
  });
}

/** One operation with the link to its file; its progress while it runs. */
export function useOperation(id: string) {
  return useQuery({
    queryKey: [...operationsKey, 'one', id],
    queryFn: async ({ signal }) => (await api.get('/operations/{id}', { path: { id }, signal })).operation,
    refetchInterval: ({ state }) => (state.data === undefined || isGoing(state.data) ? WATCHED_MS : false),
  });
}
