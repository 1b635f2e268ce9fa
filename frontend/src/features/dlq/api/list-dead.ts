import { keepPreviousData, useQuery } from '@tanstack/react-query';

import type { JobPage } from '@/features/jobs/live-page';
import { api } from '@/lib/api-client';
import { jobBook } from '@/live/job-book';

import { deadQuery, type DeadFilter } from '../filter';

const WANTED = 50;
const PAGE = 200;
const MOST_PAGES = 10;

async function readPage(filter: DeadFilter, cursor: string, limit: number, signal: AbortSignal): Promise<JobPage> {
  const page = await api.get('/dlq', { query: { ...deadQuery(filter), limit, ...(cursor && { cursor }) }, signal });
  return { jobs: jobBook.reconcile(page.jobs).filter((job) => job.status === 'dlq'), nextCursor: page.nextCursor };
}

/** The list knows no groups, but each job its own: reads on until a page is full, as far as is decent. */
async function readGroup(filter: DeadFilter, signal: AbortSignal): Promise<JobPage> {
  const found: JobPage = { jobs: [], nextCursor: filter.cursor };
  for (let pages = 0; pages < MOST_PAGES && found.nextCursor !== null && found.jobs.length < WANTED; pages += 1) {
    const { jobs, nextCursor } = await readPage(filter, found.nextCursor, PAGE, signal);
    found.jobs.push(...jobs.filter((job) => job.error?.group === filter.group));
    found.nextCursor = nextCursor;
  }
  return found;
}

export function useDead(filter: DeadFilter) {
  return useQuery({
    queryKey: ['dlq', 'jobs', filter],
    queryFn: ({ signal }) => (filter.group ? readGroup(filter, signal) : readPage(filter, filter.cursor, WANTED, signal)),
    placeholderData: keepPreviousData,
  });
}
