import { keepPreviousData, useQuery } from '@tanstack/react-query';

import type { JobPage } from '@/features/jobs/live-page';
import { api } from '@/lib/api-client';
import { jobBook } from '@/live/job-book';

import { deadParams, type DeadFilter } from '../filter';

export function useDead(filter: DeadFilter) {
  return useQuery({
    queryKey: ['dlq', 'jobs', filter],
    queryFn: async ({ signal }): Promise<JobPage> => {
      const page = await api.get('/dlq', { query: { ...deadParams(filter), limit: 100 }, signal });
      return { ...page, jobs: jobBook.reconcile(page.jobs).filter((job) => job.status === 'dlq') };
    },
    placeholderData: keepPreviousData,
  });
}
