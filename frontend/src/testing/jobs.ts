import type { JobPage } from '@/features/jobs/live-page';
import type { Job } from '@/types';

/** A job for tests; `n` gives the id, which orders it. */
export function job(n: number, changes: Partial<Job> = {}): Job {
  return {
    _id: n.toString(16).padStart(24, '0'),
    name: `Job ${String(n)}`,
    ownerId: 'a'.repeat(24),
    tenantId: 'b'.repeat(24),
    task: 'simulated',
    queue: 'default',
    priority: 5,
    tags: [],
    status: 'pending',
    rev: 1,
    attempt: 0,
    retryCount: 0,
    maxRetries: 3,
    timeoutS: 300,
    redrives: 0,
    runAt: null,
    readyAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    finishedAt: null,
    cancelRequested: false,
    progress: null,
    error: null,
    traceId: 'trace',
    con: '2026-01-01T00:00:00.000Z',
    mon: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}

/** A page of one's own jobs for tests. */
export function pageOf(jobs: Job[], nextCursor: string | null = null): JobPage {
  return { jobs, nextCursor, prevCursor: null, owners: {}, tenants: {} };
}
