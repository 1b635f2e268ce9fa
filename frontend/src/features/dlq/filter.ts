/** The filter of the DLQ's list, as in the URL. Pure. */
import { sortIn, type Sort } from '@/features/jobs/filter';
import { scopeIn } from '@/lib/scope';
import type { NarrowingDead, Scope } from '@/types';

export interface DeadFilter {
  group: string;
  q: string;
  task: string;
  queue: string;
  tag: string;
  /** A condition on a field of the payload, such as `customer.id=42`. */
  payload: string;
  /** When they failed. */
  from: string;
  to: string;
  owner: string;
  tenant: string;
  sort: Sort;
  cursor: string;
  scope: Scope;
}

export type DeadTarget =
  | { ids: string[] }
  | { filter: NarrowingDead };

export const cleared = { group: '', q: '', task: '', queue: '', tag: '', payload: '', from: '', to: '', owner: '', tenant: '' } satisfies Partial<DeadFilter>;

/** The filter in an address; `scope` is the default. */
export function parseDead(params: URLSearchParams, scope: Scope = 'own'): DeadFilter {
  const text = (name: string): string => params.get(name) ?? '';
  const time = (name: string): string => (Number.isNaN(Date.parse(text(name))) ? '' : text(name));
  const shown = scopeIn(params, scope);
  return {
    group: text('group'),
    q: text('q'),
    task: text('task'),
    queue: text('queue'),
    tag: text('tag'),
    payload: text('payload'),
    from: time('from'),
    to: time('to'),
    owner: shown === 'own' ? '' : text('owner'),
    tenant: shown === 'all' ? text('tenant') : '',
    sort: sortIn(params, '-finished'),
    cursor: text('cursor'),
    scope: shown,
  };
}

export function deadParams(filter: DeadFilter, scope: Scope = 'own'): Record<string, string> {
  const all = { ...filter, scope: filter.scope === scope ? '' : filter.scope, sort: filter.sort === '-finished' ? '' : filter.sort };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** The conditions, as parameters of the API, for lists and actions: actions take none on the payload. */
export function deadQuery({ from, to, scope, sort: _sort, cursor: _cursor, payload: _payload, ...texts }: DeadFilter) {
  const given = Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''));
  return { scope, ...given, ...(from && { finishedFrom: from }), ...(to && { finishedTo: to }) } satisfies NarrowingDead;
}

export type DeadQuery = ReturnType<typeof deadQuery>;

/** The target of an operation, which changes jobs of any state: those of the DLQ alone. */
export const bulkTarget = (target: DeadTarget): DeadTarget => ('ids' in target ? target : { filter: { ...target.filter, status: ['dlq'] } });

/** Over all tenants at once there is no index by the time of the end. */
export const maySortByEnd = ({ scope, tenant }: DeadFilter): boolean => scope !== 'all' || tenant !== '';

export function sortOf(filter: DeadFilter): Sort {
  if (maySortByEnd(filter)) return filter.sort;
  return filter.sort.startsWith('-') ? '-created' : 'created';
}

export function hasConditions(filter: DeadFilter): boolean {
  return filter.payload !== '' || Object.keys(deadQuery(filter)).length > 1;
}

/** The filter of an action on all listed jobs. */
export function wholeOf(filter: DeadFilter): string {
  if (!hasConditions(filter)) return 'all';
  return hasConditions({ ...filter, group: '' }) ? 'everything that matches' : 'the group';
}
