/** What the job list shows, as it stands in the URL. Pure. */
import { scopeIn } from '@/lib/scope';
import { statuses } from '@/lib/status';
import type { Job, JobStatus, Narrowing, Scope } from '@/types';

export interface JobFilter {
  q: string;
  status: JobStatus[];
  task: string;
  queue: string;
  tag: string;
  trace: string;
  from: string;
  to: string;
  scope: Scope;
  sort: '-created' | 'created';
  cursor: string;
  limit: number;
}

export const pageSizes = [50, 100, 200] as const;

/** The states behind each card of the dashboard, as `/job/stats` counts them. */
export const cardStatuses = {
  pending: ['scheduled', 'pending', 'retrying'],
  running: ['running'],
  completed: ['completed'],
  failed: ['dlq'],
} as const satisfies Record<string, JobStatus[]>;

const isStatus = (text: string): text is JobStatus => (statuses as readonly string[]).includes(text);

/** The filter in an address; `scope` is what holds where that names none. */
export function parseFilter(params: URLSearchParams, scope: Scope = 'own'): JobFilter {
  const text = (name: string): string => params.get(name) ?? '';
  const time = (name: string): string => (Number.isNaN(Date.parse(text(name))) ? '' : text(name));
  const limit = Number(params.get('limit'));
  return {
    q: text('q'),
    status: text('status').split(',').map((name) => (name === 'failed' ? 'dlq' : name)).filter(isStatus),
    task: text('task'),
    queue: text('queue'),
    tag: text('tag'),
    trace: text('trace'),
    from: time('from'),
    to: time('to'),
    scope: scopeIn(params, scope),
    sort: params.get('sort') === 'created' ? 'created' : '-created',
    cursor: text('cursor'),
    limit: pageSizes.find((size) => size === limit) ?? 50,
  };
}

/** The filter as it goes into the URL; what is at its default is left out. */
export function filterParams(filter: JobFilter, scope: Scope = 'own'): Record<string, string | undefined> {
  const { status, ...rest } = criteria(filter);
  return {
    ...rest,
    status: status?.join(','),
    scope: filter.scope === scope ? undefined : filter.scope,
    sort: filter.sort === 'created' ? 'created' : undefined,
    cursor: filter.cursor || undefined,
    limit: filter.limit === 50 ? undefined : String(filter.limit),
  };
}

/** Which jobs, without order and page: what bulk actions by filter take. */
export function criteria(filter: JobFilter) {
  return {
    scope: filter.scope,
    ...(filter.q && { q: filter.q }),
    ...(filter.status.length > 0 && { status: filter.status }),
    ...(filter.task && { task: filter.task }),
    ...(filter.queue && { queue: filter.queue }),
    ...(filter.tag && { tag: filter.tag }),
    ...(filter.trace && { trace: filter.trace }),
    ...(filter.from && { from: filter.from }),
    ...(filter.to && { to: filter.to }),
  } satisfies Narrowing;
}

/** What the list asks the API for. */
export function listQuery(filter: JobFilter) {
  const { sort, limit, cursor } = filter;
  return { ...criteria(filter), sort, limit, ...(cursor && { cursor }) };
}

export function hasCriteria(filter: JobFilter): boolean {
  const { scope: _scope, ...rest } = criteria(filter);
  return Object.keys(rest).length > 0;
}

/** Whether a job belongs to the filter; null when only the server can tell (text search, dates). */
export function matches(filter: JobFilter, job: Job): boolean | null {
  const { status, task, queue, tag, trace } = filter;
  const agrees = [
    status.length === 0 || status.includes(job.status),
    task === '' || job.task === task,
    queue === '' || job.queue === queue,
    tag === '' || job.tags.includes(tag),
    trace === '' || job.traceId === trace,
  ];
  if (!agrees.every(Boolean)) return false;
  return `${filter.q}${filter.from}${filter.to}` === '' ? true : null;
}
