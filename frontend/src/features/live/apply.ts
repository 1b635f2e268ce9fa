/** Applies a frame of events to the cached data of the pages. */
import type { QueryClient } from '@tanstack/react-query';

import { jobKey } from '@/features/jobs/api/get-job';
import { logsKey } from '@/features/jobs/api/get-job-logs';
import { jobsKey } from '@/features/jobs/api/list-jobs';
import type { JobFilter } from '@/features/jobs/filter';
import { applyBatch, type JobPage } from '@/features/jobs/live-page';
import { mergeLines } from '@/features/jobs/logs';
import { schedulesKey } from '@/features/schedules/api/list-schedules';
import { jobBook } from '@/live/job-book';
import type { Batch } from '@/live/events';
import { throttle } from '@/live/throttle';
import type { JobDetail, LogLine } from '@/types';

/** Sums that events make stale: read again, but not for each event. */
const sums: { key: readonly string[]; everyMs: number }[] = [
  { key: ['stats'], everyMs: 1_500 },
  { key: ['total'], everyMs: 4_000 },
  { key: ['series'], everyMs: 4_000 },
  { key: ['dlq'], everyMs: 3_000 },
  { key: ['queues'], everyMs: 2_000 },
  { key: ['workers'], everyMs: 3_000 },
  { key: ['limits'], everyMs: 2_000 },
];
const LIST_MS = 2_000;

export function createApply(queries: QueryClient): (batch: Batch) => void {
  const refresh = sums.map(({ key, everyMs }) => throttle(() => { void queries.invalidateQueries({ queryKey: key }); }, everyMs));
  const refreshQueues = throttle(() => { void queries.invalidateQueries({ queryKey: ['queues'] }); }, 500);
  const refreshLimits = throttle(() => { void queries.invalidateQueries({ queryKey: ['limits'] }); }, 500);
  const refreshSchedules = throttle(() => { void queries.invalidateQueries({ queryKey: schedulesKey }); }, 1_000);
  const readLists = throttle(() => { void queries.invalidateQueries({ queryKey: jobsKey }); }, LIST_MS);

  return (batch) => {
    jobBook.accept(batch);
    const ask = applyToLists(queries, batch);
    if (ask || batch.expired) readLists();
    applyToDetails(queries, batch);
    outdateHidden(queries, batch);
    if (batch.queues) refreshQueues();
    if (batch.limits) refreshLimits();
    if (batch.schedules) refreshSchedules();
    if (batch.expired || batch.jobs.size + batch.deleted.size > 0) for (const run of refresh) run();
  };
}

function applyToLists(queries: QueryClient, batch: Batch): boolean {
  let ask = false;
  for (const query of queries.getQueryCache().findAll({ queryKey: jobsKey, type: 'active' })) {
    const page = query.state.data as JobPage | undefined;
    if (!page) continue;
    const applied = applyBatch(page, query.queryKey[1] as JobFilter, batch);
    ask ||= applied.ask;
    // Keeps the time of the read: an event does not make the rest of the page fresh.
    if (applied.page !== page) queries.setQueryData(query.queryKey, applied.page, { updatedAt: query.state.dataUpdatedAt });
  }
  return ask;
}

/** Cached data of pages that are not shown is read again when they are: a frame is applied to shown pages only. */
function outdateHidden(queries: QueryClient, batch: Batch): void {
  if (!batch.expired && batch.jobs.size + batch.deleted.size === 0) return;
  for (const query of queries.getQueryCache().findAll({ type: 'inactive' })) {
    const [kind, id] = query.queryKey;
    const touched = kind === 'job' && (batch.jobs.has(String(id)) || batch.deleted.has(String(id)));
    if (kind === 'jobs' || touched) query.invalidate();
  }
}

function applyToDetails(queries: QueryClient, batch: Batch): void {
  for (const query of queries.getQueryCache().findAll({ queryKey: ['job'], type: 'active' })) {
    const id = String(query.queryKey[1]);
    if (query.queryKey[2] === undefined) applyToJob(queries, id, batch);
    const lines = batch.logs.get(id);
    if (query.queryKey[2] === 'logs' && lines) queries.setQueryData<LogLine[]>(logsKey(id), (old) => mergeLines(old ?? [], lines));
  }
}

function applyToJob(queries: QueryClient, id: string, batch: Batch): void {
  const newer = batch.jobs.get(id);
  const progress = batch.progress.get(id);
  queries.setQueryData<JobDetail>(jobKey(id), (job) => {
    if (!job) return job;
    const current = newer && newer.rev > job.rev ? { ...job, ...newer, error: newer.error ? { ...job.error, ...newer.error } : null } : job;
    if (progress?.attempt !== current.attempt || current.status !== 'running') return current;
    return { ...current, progress: { percent: progress.percent, message: progress.message } };
  });
  // Attempts, result and traceback are not in events.
  if (newer || batch.deleted.has(id)) void queries.invalidateQueries({ queryKey: jobKey(id), exact: true });
}
