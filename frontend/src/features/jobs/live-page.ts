/** How a frame of events changes a page of the job list. Pure. */
import type { Batch } from '@/live/events';
import type { Job } from '@/types';

import { matches, type JobFilter } from './filter';

export interface JobPage {
  jobs: Job[];
  nextCursor: string | null;
  prevCursor: string | null;
  /** Names by id; empty where the user sees only their own jobs. */
  owners: Record<string, string>;
  tenants: Record<string, string>;
  /** How many comments jobs of the DLQ have, of those that have any. */
  comments?: Record<string, number>;
  /** How many jobs were looked into, where a condition on payloads asked for it. */
  examined?: number | null | undefined;
}

/** Maximum number of rows on the first page before it is cut and read again. */
const SURPLUS = 100;

export interface Applied {
  page: JobPage;
  /** The page must be read again: only the server knows its rows. */
  ask: boolean;
}

/** Ids grow with the time of creation, so they order the list in both directions. */
export function isBefore(a: string, b: string, sort: JobFilter['sort']): boolean {
  return sort.startsWith('-') ? a > b : a < b;
}

/** Whether a job that is not shown lies within what the page shows. */
function belongs(page: JobPage, filter: JobFilter, id: string): boolean {
  const first = page.jobs[0];
  const last = page.jobs.at(-1);
  if (!first || !last) return filter.cursor === '';
  if (filter.cursor && isBefore(id, first._id, filter.sort)) return false;
  return page.nextCursor === null || isBefore(id, last._id, filter.sort);
}

function withProgress(job: Job, batch: Batch): Job {
  const update = batch.progress.get(job._id);
  if (!update || job.status !== 'running' || update.attempt !== job.attempt || update.rev < job.rev) return job;
  return { ...job, progress: { percent: update.percent, message: update.message } };
}

function renew(job: Job, filter: JobFilter, batch: Batch): Job | null {
  if (batch.deleted.has(job._id)) return null;
  const newer = batch.jobs.get(job._id);
  const current = withProgress(newer && newer.rev > job.rev ? newer : job, batch);
  return matches(filter, current) === false ? null : current;
}

function insert(rows: Job[], job: Job, sort: JobFilter['sort']): void {
  const at = rows.findIndex((row) => isBefore(job._id, row._id, sort));
  rows.splice(at === -1 ? rows.length : at, 0, job);
}

/** Whether the place of a job in the list, and its owner, are known here. */
function isKnown(page: JobPage, filter: JobFilter, job: Job): boolean {
  return filter.sort.endsWith('created') && (filter.scope === 'own' || job.ownerId in page.owners);
}

/** Adds the jobs that newly belong on the page to `rows`; true when only the server knows whether one does. */
function addNew(rows: Job[], page: JobPage, filter: JobFilter, batch: Batch): boolean {
  // A look into payloads is not repeated with each event.
  if (filter.payload) return false;
  const shown = new Set(page.jobs.map((job) => job._id));
  let ask = false;
  for (const job of batch.jobs.values()) {
    if (shown.has(job._id)) continue;
    const match = matches(filter, job);
    if (match === null || (match && !isKnown(page, filter, job))) ask = true;
    if (match && filter.sort.endsWith('created') && belongs(page, filter, job._id)) insert(rows, withProgress(job, batch), filter.sort);
  }
  return ask;
}

/** The page after the batch: the same object when nothing on it changed, and never two rows of one job. */
export function applyBatch(page: JobPage, filter: JobFilter, batch: Batch): Applied {
  const rows = page.jobs.map((job) => renew(job, filter, batch)).filter((job) => job !== null);
  const ask = addNew(rows, page, filter, batch);
  const same = rows.length === page.jobs.length && rows.every((row, index) => row === page.jobs[index]);
  if (same) return { page, ask };
  const crowded = rows.length > filter.limit + SURPLUS;
  // A page that has become short while there are more pages is read again.
  const dry = rows.length < page.jobs.length && page.nextCursor !== null;
  return { page: { ...page, jobs: crowded ? rows.slice(0, filter.limit) : rows }, ask: ask || crowded || dry };
}
