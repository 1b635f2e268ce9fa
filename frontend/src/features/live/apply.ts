/** Applies a frame of events to the cached data of the pages. */
import type { QueryClient } from '@tanstack/react-query';

import { alertsKey } from '@/features/alerts/api/list-alerts';
import { batchesKey } from '@/features/batches/api/list-batches';
import { commentsKey } from '@/features/comments/api/list-comments';
import { jobKey, stepsKey } from '@/features/jobs/api/get-job';
import { logsKey } from '@/features/jobs/api/get-job-logs';
import { jobsKey } from '@/features/jobs/api/list-jobs';
import type { JobFilter } from '@/features/jobs/filter';
import { applyBatch, type JobPage } from '@/features/jobs/live-page';
import { mergeLines } from '@/features/jobs/logs';
import { schedulesKey } from '@/features/schedules/api/list-schedules';
import { workflowKey, workflowsKey } from '@/features/workflows/api/list-workflows';
import { isOutdated, withStates } from '@/features/workflows/live-nodes';
import { jobBook } from '@/live/job-book';
import type { Batch } from '@/live/events';
import { throttle } from '@/live/throttle';
import type { Job, JobDetail, LogLine, WorkflowDetail } from '@/types';

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
/** Progress of batches, and of maps of workflows, while their jobs run. */
const GROUP_MS = 1_500;

/** What is read again as a whole when an event says that it changed. */
const wholes: { key: readonly string[]; everyMs: number; isStale: (batch: Batch) => boolean }[] = [
  { key: ['queues'], everyMs: 500, isStale: ({ queues }) => queues },
  { key: ['limits'], everyMs: 500, isStale: ({ limits }) => limits },
  ...['members', 'api-keys', 'webhooks'].map((name) => ({ key: [name], everyMs: 1_000, isStale: ({ people }: Batch) => people })),
  { key: alertsKey, everyMs: 1_000, isStale: ({ alerts }) => alerts },
  // The DLQ counts comments.
  ...[commentsKey, ['dlq']].map((key) => ({ key, everyMs: 1_000, isStale: ({ comments }: Batch) => comments })),
  { key: ['views'], everyMs: 1_000, isStale: ({ views }) => views },
  { key: schedulesKey, everyMs: 1_000, isStale: ({ schedules }) => schedules },
  { key: batchesKey, everyMs: GROUP_MS, isStale: (batch) => batch.batches || hasSome(batch, (job) => Boolean(job.batchId)) },
];

type Related = JobDetail['needs'][number];

export function createApply(queries: QueryClient): (batch: Batch) => void {
  const reread = (queryKey: readonly string[], everyMs: number) => throttle(() => { void queries.invalidateQueries({ queryKey }); }, everyMs);
  const whole = wholes.map(({ key, everyMs, isStale }) => ({ isStale, run: reread(key, everyMs) }));
  const refreshWorkflows = reread(workflowsKey, GROUP_MS);
  const readLists = reread(jobsKey, LIST_MS);
  const refresh = sums.map(({ key, everyMs }) => reread(key, everyMs));

  return (batch) => {
    jobBook.accept(batch);
    const ask = applyToLists(queries, batch);
    if (ask || batch.expired) readLists();
    applyToDetails(queries, batch);
    outdateHidden(queries, batch);
    for (const { isStale, run } of whole) if (isStale(batch)) run();
    if (applyToWorkflows(queries, batch) || batch.workflows) refreshWorkflows();
    if (batch.expired || batch.jobs.size + batch.deleted.size > 0) for (const run of refresh) run();
  };
}

function hasSome(batch: Batch, is: (job: Job) => boolean): boolean {
  for (const job of batch.jobs.values()) if (is(job)) return true;
  return false;
}

/** Brings the states of nodes into the workflows on screen; whether one has to be read again. */
function applyToWorkflows(queries: QueryClient, batch: Batch): boolean {
  let outdated = false;
  for (const query of queries.getQueryCache().findAll({ queryKey: workflowKey(), type: 'active' })) {
    const workflow = query.state.data as WorkflowDetail | undefined;
    if (!workflow) continue;
    outdated ||= isOutdated(workflow, batch);
    const newer = withStates(workflow, batch);
    if (newer !== workflow) queries.setQueryData(query.queryKey, newer, { updatedAt: query.state.dataUpdatedAt });
  }
  return outdated;
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
    if (kind === 'jobs' || kind === 'workflows' || touched) query.invalidate();
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

/** The job with the new states of those that it needs, and that need it, of its origin and its replays. */
function withRelated(job: JobDetail, batch: Batch): JobDetail {
  const isNew = ({ _id, status }: Related): boolean => (batch.jobs.get(_id)?.status ?? status) !== status;
  if (![...job.needs, ...job.dependents, ...job.replays, ...(job.origin ? [job.origin] : [])].some(isNew)) return job;
  const renew = (related: Related): Related => ({ ...related, status: batch.jobs.get(related._id)?.status ?? related.status });
  return { ...job, needs: job.needs.map(renew), dependents: job.dependents.map(renew), replays: job.replays.map(renew), origin: job.origin && renew(job.origin) };
}

function applyToJob(queries: QueryClient, id: string, batch: Batch): void {
  const newer = batch.jobs.get(id);
  const progress = batch.progress.get(id);
  queries.setQueryData<JobDetail>(jobKey(id), (job) => {
    if (!job) return job;
    const related = withRelated(job, batch);
    const current = newer && newer.rev > job.rev ? { ...related, ...newer, error: newer.error ? { ...job.error, ...newer.error } : null } : related;
    if (progress?.attempt !== current.attempt || current.status !== 'running') return current;
    return { ...current, progress: { percent: progress.percent, message: progress.message } };
  });
  // Attempts, result, traceback and steps are not in events.
  if (!newer && !batch.deleted.has(id)) return;
  void queries.invalidateQueries({ queryKey: jobKey(id), exact: true });
  void queries.invalidateQueries({ queryKey: stepsKey(id) });
}
