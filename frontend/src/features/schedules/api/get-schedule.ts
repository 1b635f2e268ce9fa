import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

import { schedulesKey } from './list-schedules';

/** A schedule with the payload of its jobs; `tenant` is given where it is not one's own. */
export function useSchedule(name: string, tenant: string) {
  return useQuery({
    queryKey: [...schedulesKey, 'one', name, tenant],
    queryFn: async ({ signal }) => (await api.get('/schedules/{name}', { path: { name }, query: tenant ? { tenant } : {}, signal })).schedule,
    refetchInterval: 30_000,
  });
}
