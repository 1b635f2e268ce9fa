/** Which dead jobs are shown, as it stands in the URL. Pure. */
import { scopeIn } from '@/lib/scope';
import type { NarrowingDead, Scope } from '@/types';

export interface DeadFilter {
  group: string;
  q: string;
  task: string;
  cursor: string;
  scope: Scope;
}

export type RedriveTarget =
  | { ids: string[] }
  | { filter: NarrowingDead };

/** The filter in an address; `scope` is what holds where that names none. */
export function parseDead(params: URLSearchParams, scope: Scope = 'own'): DeadFilter {
  const text = (name: string): string => params.get(name) ?? '';
  return { group: text('group'), q: text('q'), task: text('task'), cursor: text('cursor'), scope: scopeIn(params, scope) };
}

export function deadParams(filter: DeadFilter, scope: Scope = 'own'): Record<string, string> {
  const all = { ...filter, scope: filter.scope === scope ? '' : filter.scope };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** What narrows the list, as the API takes it. */
export function deadQuery({ group, q, task, scope }: DeadFilter) {
  return { scope, ...(group && { group }), ...(q && { q }), ...(task && { task }) } satisfies NarrowingDead;
}

/** What a button that redrives all of what is listed says. */
export function redriveLabel({ group, q, task }: DeadFilter): string {
  if (q || task) return 'Redrive everything that matches';
  return group ? 'Redrive the group' : 'Redrive all';
}
