import { keepPreviousData, useQuery } from '@tanstack/react-query';

import type { JobPage } from '@/features/jobs/live-page';
import { api } from '@/lib/api-client';
import { jobBook } from '@/live/job-book';

import { deadQuery, type DeadFilter } from '../filter';

const PAGE = 50;

async function readPage(filter: DeadFilter, signal: AbortSignal): Promise<JobPage> {
  const { cursor } = filter;
  const page = await api.get('/dlq', { query: { ...deadQuery(filter), limit: PAGE, ...(cursor && { cursor }) }, signal });
  return { jobs: jobBook.reconcile(page.jobs).filter((job) => job.status === 'dlq'), nextCursor: page.nextCursor, prevCursor: page.prevCursor, owners: page.owners, tenants: page.tenants };
}

export function useDead(filter: DeadFilter) {
  return useQuery({
    queryKey: ['dlq', 'jobs', filter],
    queryFn: ({ signal }) => readPage(filter, signal),
    placeholderData: keepPreviousData,
  });
}
