/** A page whose rows stay in place while the pointer is over them, whatever arrives. Pure. */
import type { Job } from '@/types';

import type { JobPage } from './live-page';

export interface SteadyPage {
  page: JobPage;
  /** Jobs that arrived since and would push the rows down. */
  waiting: number;
  /** Rows whose job was deleted or no longer belongs to the list. */
  gone: ReadonlySet<string>;
}

/** The newest known state of a job, and whether it still belongs to the list. */
export interface Latest {
  job: Job;
  gone: boolean;
}

const none: ReadonlySet<string> = new Set();

/** The page as it is, with nothing held back. */
export const asRead = (page: JobPage): SteadyPage => ({ page, waiting: 0, gone: none });

/**
 * The rows of `held`, in their order and in their newest state, with what `page` has below them; `page` as it is once all
 * of them are gone.
 *
 * `latest` is asked about jobs that `page` no longer has.
 */
export function steady(held: JobPage, page: JobPage, latest: (job: Job) => Latest): SteadyPage {
  const now = new Map(page.jobs.map((job) => [job._id, job]));
  const shown = new Set(held.jobs.map((job) => job._id));
  const gone = new Set<string>();
  const rows = held.jobs.map((job) => {
    const there = now.get(job._id);
    if (there) return there;
    const known = latest(job);
    if (known.gone) gone.add(job._id);
    return known.job;
  });
  if (gone.size === rows.length) return asRead(page); // no row is left to hold in place
  const last = page.jobs.findLastIndex((job) => shown.has(job._id));
  const below = last === -1 ? [] : page.jobs.slice(last + 1);
  const above = page.jobs.slice(0, page.jobs.length - below.length);
  return {
    page: { ...held, owners: { ...held.owners, ...page.owners }, tenants: { ...held.tenants, ...page.tenants }, jobs: [...rows, ...below], nextCursor: below.length > 0 ? page.nextCursor : held.nextCursor },
    waiting: above.filter((job) => !shown.has(job._id)).length,
    gone,
  };
}
