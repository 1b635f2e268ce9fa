/** The filter of the job list, as in the URL. Pure. */
import { scopeIn } from '@/lib/scope';
import { statuses } from '@/lib/status';
import type { Job, JobStatus, Narrowing, Scope } from '@/types';

/** By the time of creation or of the end; `-` is the newest first. */
export type Sort = '-created' | 'created' | '-finished' | 'finished';

export interface JobFilter {
  q: string;
  status: JobStatus[];
  task: string;
  queue: string;
  tag: string;
  trace: string;
  /** Id of the batch, or of the node's job whose map they are. */
  batch: string;
  /** A condition on a field of the payload, such as `customer.id=42`. */
  payload: string;
  from: string;
  to: string;
  scope: Scope;
  /** Ids of one owner and one tenant. */
  owner: string;
  tenant: string;
  sort: Sort;
  cursor: string;
  limit: number;
}

const texts = ['q', 'task', 'queue', 'tag', 'trace', 'batch', 'from', 'to', 'owner', 'tenant'] as const;
export const pageSizes = [50, 100, 200] as const;

/** The states behind each card of the dashboard, as `/job/stats` counts them. */
export const cardStatuses = {
  pending: ['blocked', 'scheduled', 'pending', 'retrying', 'waiting'],
  running: ['running'],
  completed: ['completed'],
  failed: ['dlq'],
} as const satisfies Record<string, JobStatus[]>;

const isStatus = (text: string): text is JobStatus => (statuses as readonly string[]).includes(text);

/** The filter in an address; `scope` is the default. */
export function parseFilter(params: URLSearchParams, scope: Scope = 'own'): JobFilter {
  const text = (name: string): string => params.get(name) ?? '';
  const time = (name: string): string => (Number.isNaN(Date.parse(text(name))) ? '' : text(name));
  const shown = scopeIn(params, scope);
  const limit = Number(params.get('limit'));
  return {
    q: text('q'),
    status: text('status').split(',').map((name) => (name === 'failed' ? 'dlq' : name)).filter(isStatus),
    task: text('task'),
    queue: text('queue'),
    tag: text('tag'),
    trace: text('trace'),
    batch: text('batch'),
    payload: text('payload'),
    from: time('from'),
    to: time('to'),
    scope: shown,
    owner: shown === 'own' ? '' : text('owner'),
    tenant: shown === 'all' ? text('tenant') : '',
    sort: sortIn(params),
    cursor: text('cursor'),
    limit: pageSizes.find((size) => size === limit) ?? 50,
  };
}

export function sortIn(params: URLSearchParams, otherwise: Sort = '-created'): Sort {
  return (['-created', 'created', '-finished', 'finished'] as const).find((sort) => sort === params.get('sort')) ?? otherwise;
}

/** The filter as parameters of the URL; defaults are omitted. */
export function filterParams(filter: JobFilter, scope: Scope = 'own'): Record<string, string | undefined> {
  const { status, ...rest } = criteria(filter);
  return {
    ...rest,
    payload: filter.payload || undefined,
    status: status?.join(','),
    scope: filter.scope === scope ? undefined : filter.scope,
    sort: filter.sort === '-created' ? undefined : filter.sort,
    cursor: filter.cursor || undefined,
    limit: filter.limit === 50 ? undefined : String(filter.limit),
  };
}

/** The conditions without order and page, for bulk actions by filter: these take none on the payload. */
export function criteria(filter: JobFilter) {
  const given: Partial<Record<(typeof texts)[number], string>> = {};
  for (const name of texts) if (filter[name]) given[name] = filter[name];
  return { scope: filter.scope, ...given, ...(filter.status.length > 0 && { status: filter.status }) } satisfies Narrowing;
}

export type Criteria = ReturnType<typeof criteria>;

/** The index by the time of the end has only failed jobs, of one tenant. */
export function maySortByEnd({ status, scope, tenant }: Pick<JobFilter, 'status' | 'scope' | 'tenant'>): boolean {
  return status.length === 1 && (status[0] === 'dlq' || status[0] === 'cancelled') && (scope !== 'all' || tenant !== '');
}

/** The query of the list to the API. */
export function listQuery(filter: JobFilter) {
  const { limit, cursor, payload } = filter;
  const sort: Sort = filter.sort.endsWith('finished') && !maySortByEnd(filter) ? '-created' : filter.sort;
  return { ...criteria(filter), sort, limit, ...(payload && { payload: [payload] }), ...(cursor && { cursor }) };
}

export function hasCriteria(filter: JobFilter): boolean {
  const { scope: _scope, ...rest } = criteria(filter);
  return filter.payload !== '' || Object.keys(rest).length > 0;
}

/** The condition that each field of the filter sets to one field of a job; empty: none. */
const exact = { task: 'task', queue: 'queue', trace: 'traceId', batch: 'batchId', owner: 'ownerId', tenant: 'tenantId' } as const satisfies Partial<Record<keyof JobFilter, keyof Job>>;

/** Whether a job belongs to the filter; null when only the server can tell (text search, dates, payloads). */
export function matches(filter: JobFilter, job: Job): boolean | null {
  const { status, tag } = filter;
  if (status.length > 0 && !status.includes(job.status)) return false;
  if (tag !== '' && !job.tags.includes(tag)) return false;
  for (const [name, field] of Object.entries(exact) as [keyof typeof exact, (typeof exact)[keyof typeof exact]][]) {
    if (filter[name] !== '' && job[field] !== filter[name]) return false;
  }
  return `${filter.q}${filter.from}${filter.to}${filter.payload}` === '' ? true : null;
}
