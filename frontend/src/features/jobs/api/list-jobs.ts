import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { jobBook } from '@/live/job-book';

import { criteria, listQuery, type JobFilter } from '../filter';
import type { JobPage } from '../live-page';

export const jobsKey = ['jobs'] as const;

/** How many jobs match, as far as the API counts; null when that takes it too long. */
export function useTotal(filter: JobFilter) {
  const wanted = criteria(filter);
  return useQuery({
    queryKey: ['total', wanted],
    queryFn: async ({ signal }) => {
      const { total, totalIsExact } = await api.get('/job', { query: { ...wanted, limit: 1, count: true }, signal });
      return total === null ? null : { total, exact: totalIsExact === true };
    },
    placeholderData: keepPreviousData,
    enabled: filter.payload === '',
  });
}

export function useJobs(filter: JobFilter) {
  return useQuery({
    queryKey: [...jobsKey, filter],
    queryFn: async ({ signal }): Promise<JobPage> => {
      const page = await api.get('/job', { query: listQuery(filter), signal });
      const { nextCursor, prevCursor, owners, tenants, examined } = page;
      return { jobs: jobBook.reconcile(page.jobs), nextCursor, prevCursor, owners, tenants, examined };
    },
    placeholderData: keepPreviousData,
  });
}
