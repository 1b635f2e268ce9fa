import { useQuery } from '@tanstack/react-query';

import { widestScope, useCaller } from '@/features/session/use-caller';
import { api } from '@/lib/api-client';

export interface Owned {
  ownerId: string;
  tenantId: string;
}

/** The names of the owner and the tenant of something that is someone else's: those that the list of their jobs has. */
export function usePeopleOf(job: Owned) {
  const me = useCaller();
  return useQuery({
    queryKey: ['people', job.ownerId],
    queryFn: async ({ signal }) => {
      const { owners, tenants } = await api.get('/job', { query: { scope: widestScope(me.role), owner: job.ownerId, limit: 1 }, signal });
      return { owner: owners[job.ownerId], tenant: tenants[job.tenantId] };
    },
    enabled: job.ownerId !== me._id,
    staleTime: 60_000,
  });
}
