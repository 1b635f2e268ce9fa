import { useSearchParams } from 'react-router';

import { currentParams } from '@/lib/current-params';
import type { Scope } from '@/types';

import { useScope } from './use-scope';

export interface ListFilter {
  scope: Scope;
  status: string;
  /** Ids of one owner and one tenant. */
  owner: string;
  tenant: string;
  cursor: string;
}

/** What a list of batches or workflows shows, as in its address. A change goes back to the first page. */
export function useListFilter(): [ListFilter, (change: Partial<ListFilter>) => void] {
  const [params, setParams] = useSearchParams();
  const scope = useScope();
  const text = (name: string): string => params.get(name) ?? '';
  const filter = { scope, status: text('status'), owner: scope === 'own' ? '' : text('owner'), tenant: scope === 'all' ? text('tenant') : '', cursor: text('cursor') };
  const change = (given: Partial<ListFilter>): void => {
    const next = currentParams();
    for (const [name, value] of Object.entries({ cursor: '', ...given })) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setParams(next, { preventScrollReset: true });
  };
  return [filter, change];
}

/** The query of such a list to the API, without its state, which is of a type of its own. */
export function queryOf({ scope, owner, tenant, cursor }: ListFilter, limit: number) {
  return { scope, limit, ...(owner && { owner }), ...(tenant && { tenant }), ...(cursor && { cursor }) };
}
