import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import type { JobStatus } from '@/types';

const open: JobStatus[] = ['scheduled', 'pending', 'running', 'retrying'];
/** As many as the API lists at once. */
const NEWEST = 200;

/** Names by id of the tenants of the newest open jobs; for operators. */
export function useBusyTenants(enabled: boolean) {
  return useQuery({
    queryKey: ['queues', 'tenants'],
    queryFn: async ({ signal }) => (await api.get('/job', { query: { scope: 'all', status: open, limit: NEWEST }, signal })).tenants,
    enabled,
    refetchInterval: 10_000,
  });
}
