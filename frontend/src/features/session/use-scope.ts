import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

import { scopeIn } from '@/lib/scope';
import type { Scope } from '@/types';

import { useCaller, widestScope } from './use-caller';

/** Whose jobs a page shows: what its address says, else all that the caller may see. */
export function useScope(): Scope {
  const [params] = useSearchParams();
  return scopeIn(params, widestScope(useCaller().role));
}

/** Addresses of pages, with conditions, in the scope of this page: what one sees here is there too, and no more. */
export function useScopedLink(): (to: string, conditions?: Record<string, string>) => string {
  const scope = useSearchParams()[0].get('scope');
  return useCallback((to, conditions = {}) => {
    const [path, query] = to.split('?');
    const params = new URLSearchParams(query);
    for (const [name, value] of Object.entries({ ...(scope && { scope }), ...conditions })) params.set(name, value);
    return params.size > 0 ? `${path ?? ''}?${params.toString()}` : to;
  }, [scope]);
}
