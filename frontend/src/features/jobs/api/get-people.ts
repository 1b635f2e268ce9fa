import { useQuery } from '@tanstack/react-query';

import { widestScope, useCaller } from '@/features/session/use-caller';
import { api } from '@/lib/api-client';
import type { Job } from '@/types';

/** The names of the owner and the tenant of someone else's job. */
export function usePeopleOf(job: Job) {
  const me = useCaller();
  return useQuery({
    queryKey: ['people', job.ownerId],
    queryFn: async ({ signal }) => {
      const { owners, tenants } = await api.get('/job', { query: { scope: widestScope(me.role), q: job._id, limit: 1 }, signal });
      return { owner: owners[job.ownerId], tenant: tenants[job.tenantId] };
    },
    enabled: job.ownerId !== me._id,
    staleTime: 60_000,
  });
}
