import { useCaller } from '@/features/session/use-caller';
import type { Owned } from '../api/get-people';
import type { People } from './people-picks';

/** Whether jobs of others are shown: only then rows show their owner. */
export function useOthers({ owners }: People): boolean {
  const me = useCaller();
  return Object.keys(owners).some((id) => id !== me._id);
}

/** The owner of a job, or of something else: “Ada”, among several workspaces “Ada, Acme”. Removed users have no name. */
export function ownerOf(job: Owned, { owners, tenants }: People): string {
  const name = owners[job.ownerId] ?? 'removed user';
  const tenant = tenants[job.tenantId];
  return Object.keys(tenants).length > 1 && tenant ? `${name}, ${tenant}` : name;
}
