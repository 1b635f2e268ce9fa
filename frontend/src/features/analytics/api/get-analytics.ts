import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

import { boundsOf, type AnalyticsFilter } from '../filter';

/** How often the report is read again, in ms; a range that ends now moves with the clock. */
const READ_AGAIN_MS = 30_000;

export function useAnalytics(filter: AnalyticsFilter) {
  const { by, task, queue } = filter;
  return useQuery({
    queryKey: ['analytics', filter],
    queryFn: ({ signal }) => api.get('/analytics', { query: { ...boundsOf(filter, Date.now()), by, ...(task && { task }), ...(queue && { queue }) }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: READ_AGAIN_MS,
  });
}

export function useForecast() {
  return useQuery({
    queryKey: ['analytics', 'forecast'],
    queryFn: async ({ signal }) => (await api.get('/analytics/forecast', { signal })).forecast,
    refetchInterval: READ_AGAIN_MS,
  });
}
