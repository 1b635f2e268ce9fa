import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

/** As many as the API lists at once. */
export const MOST_TENANTS = 200;

interface Wanted {
  /** A part of the name, or an id. */
  q?: string;
  limit?: number;
  enabled?: boolean;
}

/** Tenants and their jobs, those with most open jobs first; for operators. */
export function useTenants({ q = '', limit = MOST_TENANTS, enabled = true }: Wanted) {
  return useQuery({
    queryKey: ['tenants', { q, limit }],
    queryFn: ({ signal }) => api.get('/tenants', { query: { q, limit }, signal }),
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
}
