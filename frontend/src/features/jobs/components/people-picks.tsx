import { useTenants } from '@/features/queues/api/list-tenants';
import { useMembers } from '@/features/settings/api/list-members';
import { isAdmin, useCaller } from '@/features/session/use-caller';
import type { Scope } from '@/types';

import { Pick } from './pick';

/** Names by id of the owners of a page of jobs. */
export interface People {
  owners: Record<string, string>;
  tenants: Record<string, string>;
}

interface PeoplePicksProps {
  scope: Scope;
  owner: string;
  tenant: string;
  /** Of the page that is shown. */
  people: People | undefined;
  onChange: (change: { owner?: string; tenant?: string }) => void;
}

function options(known: Record<string, string>, chosen: string) {
  const all = { ...(chosen && { [chosen]: chosen }), ...known };
  return Object.entries(all).sort(([, a], [, b]) => a.localeCompare(b)).map(([id, name]) => <option key={id} value={id}>{name}</option>);
}

function useOwners(scope: Scope, shown: Record<string, string>): Record<string, string> {
  const admin = isAdmin(useCaller().role);
  const members = useMembers({ enabled: scope === 'tenant' && admin }).data ?? [];
  return { ...shown, ...(scope === 'tenant' ? Object.fromEntries(members.map(({ _id, username }) => [_id, username])) : {}) };
}

function useTenantNames(scope: Scope, shown: Record<string, string>): Record<string, string> {
  const tenants = useTenants({ enabled: scope === 'all' }).data?.tenants ?? [];
  return { ...shown, ...Object.fromEntries(tenants.map(({ id, name }) => [id, name])) };
}

/** Filters by owner and tenant, for users who see more than their own jobs. */
export function PeoplePicks({ scope, owner, tenant, people, onChange }: PeoplePicksProps) {
  const owners = useOwners(scope, people?.owners ?? {});
  const tenants = useTenantNames(scope, people?.tenants ?? {});
  if (scope === 'own') return null;
  return (
    <>
      {scope === 'all' ? <Pick label="Any workspace" value={tenant} onChange={(chosen) => { onChange({ tenant: chosen, owner: '' }); }}>{options(tenants, tenant)}</Pick> : null}
      {Object.keys(owners).length > 1 || owner ? <Pick label="Any owner" value={owner} onChange={(chosen) => { onChange({ owner: chosen }); }}>{options(owners, owner)}</Pick> : null}
    </>
  );
}
