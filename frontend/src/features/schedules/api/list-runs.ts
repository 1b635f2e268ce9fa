import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

import { schedulesKey } from './list-schedules';

/** What became of the fires of a schedule, newest first, page after page. */
export function useRuns(name: string, tenant: string) {
  return useInfiniteQuery({
    queryKey: [...schedulesKey, 'runs', name, tenant],
    queryFn: ({ pageParam, signal }) => api.get('/schedules/{name}/runs', { path: { name }, query: { limit: 50, ...(tenant && { tenant }), ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}
