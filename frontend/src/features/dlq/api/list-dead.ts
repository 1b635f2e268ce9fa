import { keepPreviousData, useQuery } from '@tanstack/react-query';

import type { JobPage } from '@/features/jobs/live-page';
import { api } from '@/lib/api-client';
import { jobBook } from '@/live/job-book';
import type { Scope } from '@/types';

import { deadQuery, sortOf, type DeadFilter } from '../filter';

const PAGE = 50;

async function readPage(filter: DeadFilter, signal: AbortSignal): Promise<JobPage> {
  const { cursor, payload } = filter;
  const page = await api.get('/dlq', { query: { ...deadQuery(filter), sort: sortOf(filter), limit: PAGE, ...(payload && { payload: [payload] }), ...(cursor && { cursor }) }, signal });
  const { nextCursor, prevCursor, owners, tenants, comments, examined } = page;
  return { jobs: jobBook.reconcile(page.jobs).filter((job) => job.status === 'dlq'), nextCursor, prevCursor, owners, tenants, comments, examined };
}

const HOUR_MS = 3_600_000;

export interface RecentFailures {
  count: number;
  exact: boolean;
  /** When the first of them failed; null where there is no order by that time. */
  since: string | null;
}

/** The jobs that failed in the last hour; null when that takes the API too long to count. */
export function useRecentFailures(scope: Scope) {
  return useQuery({
    queryKey: ['dlq', 'recent', scope],
    queryFn: async ({ signal }): Promise<RecentFailures | null> => {
      const sort = scope === 'all' ? 'created' : 'finished';
      const query = { scope, finishedFrom: new Date(Date.now() - HOUR_MS).toISOString(), sort, limit: 1, count: true } as const;
      const { jobs, total, totalIsExact } = await api.get('/dlq', { query, signal });
      return total === null ? null : { count: total, exact: totalIsExact === true, since: scope === 'all' ? null : (jobs[0]?.finishedAt ?? null) };
    },
    refetchInterval: 20_000,
  });
}

/** Of lists for which the API looks into payloads: they are not read again with each event. */
export const insideKey = ['dlq-inside'] as const;

export function useDead(filter: DeadFilter) {
  return useQuery({
    queryKey: filter.payload ? [...insideKey, filter] : ['dlq', 'jobs', filter],
    queryFn: ({ signal }) => readPage(filter, signal),
    placeholderData: keepPreviousData,
  });
}

/** How many dead jobs match, as far as the API counts; null when that takes it too long. */
export function useDeadTotal(filter: DeadFilter) {
  const wanted = deadQuery(filter);
  return useQuery({
    queryKey: ['dlq', 'total', wanted],
    queryFn: async ({ signal }) => {
      const { total, totalIsExact } = await api.get('/dlq', { query: { ...wanted, limit: 1, count: true }, signal });
      return total === null ? null : { total, exact: totalIsExact === true };
    },
    placeholderData: keepPreviousData,
    enabled: filter.payload === '',
  });
}
