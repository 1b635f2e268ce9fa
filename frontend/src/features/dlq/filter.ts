/** Which dead jobs are shown, as it stands in the URL. Pure. */
import type { Narrowing, Scope } from '@/types';

export interface DeadFilter {
  group: string;
  q: string;
  task: string;
  cursor: string;
  scope: Scope;
}

export type RedriveTarget =
  | { ids: string[] }
  | { group: string; scope: Scope }
  | { filter: Narrowing };

export function parseDead(params: URLSearchParams): DeadFilter {
  const text = (name: string): string => params.get(name) ?? '';
  const scope = (['own', 'tenant', 'all'] as const).find((known) => known === params.get('scope')) ?? 'own';
  return { group: text('group'), q: text('q'), task: text('task'), cursor: text('cursor'), scope };
}

export function deadParams(filter: DeadFilter): Record<string, string> {
  const all = { ...filter, scope: filter.scope === 'own' ? '' : filter.scope };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** What narrows the list, as the API takes it. */
export function deadQuery({ q, task, scope }: DeadFilter) {
  return { scope, ...(q && { q }), ...(task && { task }) } satisfies Narrowing;
}

/** What “all of these” stands for: the group if one is open, else what the search found. */
export function everything(filter: DeadFilter): RedriveTarget {
  if (filter.group) return { group: filter.group, scope: filter.scope };
  return { filter: deadQuery(filter) };
}
