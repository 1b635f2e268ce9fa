import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { jobBook } from '@/live/job-book';

import { listQuery, type JobFilter } from '../filter';
import type { JobPage } from '../live-page';

export const jobsKey = ['jobs'] as const;

export function useJobs(filter: JobFilter) {
  return useQuery({
    queryKey: [...jobsKey, filter],
    queryFn: async ({ signal }): Promise<JobPage> => {
      const page = await api.get('/job', { query: listQuery(filter), signal });
      return { jobs: jobBook.reconcile(page.jobs), nextCursor: page.nextCursor };
    },
    placeholderData: keepPreviousData,
  });
}
