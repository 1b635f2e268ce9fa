import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

import { deadQuery, type DeadFilter } from '../filter';

/** The payloads of the newest jobs that match, side by side. */
export function useComparison(filter: DeadFilter) {
  const wanted = deadQuery(filter);
  return useQuery({
    queryKey: ['dlq', 'payloads', wanted],
    queryFn: ({ signal }) => api.get('/dlq/payloads', { query: wanted, signal }),
  });
}
