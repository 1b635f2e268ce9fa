import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

import { alertsKey } from './list-alerts';

const LIMIT = 20;

/** The firings of all rules, or of one. */
export function useFirings(rule: string, cursor: string) {
  return useQuery({
    queryKey: [...alertsKey, 'firings', rule, cursor],
    queryFn: ({ signal }) => api.get('/alerts/firings', { query: { limit: LIMIT, ...(rule && { rule }), ...(cursor && { cursor }) }, signal }),
    placeholderData: keepPreviousData,
  });
}
