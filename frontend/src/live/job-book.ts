/** The newest known state of each job, so that neither a late event nor a late response restores an old one. */
import type { Job } from '@/types';

import type { Batch } from './events';

const KEPT = 5_000;

function bound(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    if (map.size <= KEPT) return;
    map.delete(key);
  }
}

export class JobBook {
  private readonly jobs = new Map<string, Job>();
  private readonly deleted = new Map<string, number>();

  /** Takes the newer jobs in and removes from the batch what is not newer. */
  accept(batch: Batch): void {
    for (const [id, rev] of batch.deleted) {
      this.jobs.delete(id);
      this.deleted.set(id, rev);
      batch.jobs.delete(id);
    }
    for (const [id, job] of batch.jobs) {
      if (this.deleted.has(id) || (this.jobs.get(id)?.rev ?? -1) >= job.rev) batch.jobs.delete(id);
      else this.note(job);
    }
    bound(this.deleted);
    bound(this.jobs);
  }

  clear(): void {
    this.jobs.clear();
    this.deleted.clear();
  }

  /** The newest known state of a job by its id. */
  statusOf(id: string): Job['status'] | undefined {
    return this.jobs.get(id)?.status;
  }

  private note(job: Job): void {
    this.jobs.delete(job._id);
    this.jobs.set(job._id, job);
  }

  /** An answer of the API, corrected by newer events that overtook it. */
  reconcile<T extends Job>(jobs: T[]): T[] {
    return jobs.filter((job) => !this.deleted.has(job._id)).map((job) => this.newest(job));
  }

  /** The newest known state of a job that is on screen; null if it was deleted. */
  known(job: Job): Job | null {
    if (this.deleted.has(job._id)) return null;
    const newer = this.jobs.get(job._id);
    return newer && newer.rev > job.rev ? newer : job;
  }

  newest<T extends Job>(job: T): T {
    const known = this.jobs.get(job._id);
    if (known && known.rev > job.rev) return { ...job, ...known };
    if (known && known.rev < job.rev) this.jobs.delete(job._id);
    return job;
  }
}

export const jobBook = new JobBook();
