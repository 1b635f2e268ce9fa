import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

export type Window = 'hour' | 'day' | 'week';

export interface SeriesFilter {
  window: Window;
  task?: string;
  queue?: string;
}

export function useSeries(filter: SeriesFilter) {
  return useQuery({
    queryKey: ['series', filter],
    queryFn: ({ signal }) => api.get('/metrics/series', { query: { ...filter }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 20_000,
  });
}
