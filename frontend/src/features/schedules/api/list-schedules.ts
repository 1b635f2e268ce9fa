import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import type { Scope } from '@/types';

/** All that is read of schedules: lists, one, its runs. */
export const schedulesKey = ['schedules'] as const;
const LIMIT = 100;

export function useSchedules(scope: Scope, cursor: string) {
  return useQuery({
    queryKey: [...schedulesKey, 'list', scope, cursor],
    queryFn: ({ signal }) => api.get('/schedules', { query: { scope, limit: LIMIT, ...(cursor && { cursor }) }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
}
