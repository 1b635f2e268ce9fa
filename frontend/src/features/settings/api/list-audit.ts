import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api, buildUrl } from '@/lib/api-client';

const LIMIT = 50;

/** Conditions of the audit log; empty ones do not count. */
export interface AuditFilter {
  action: string;
  target: string;
  actor: string;
  cursor: string;
}

/** The address of the entries as a CSV. */
export const exportUrl = (filter: Omit<AuditFilter, 'cursor'>): string => buildUrl('/audit/export', { query: { ...filter, format: 'csv' } });

export function useAudit(filter: AuditFilter) {
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
  return useQuery({
    queryKey: ['audit', filter],
    queryFn: ({ signal }) => api.get('/audit', { query: { limit: LIMIT, ...given }, signal }),
    placeholderData: keepPreviousData,
  });
}
