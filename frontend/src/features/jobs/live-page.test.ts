import { describe, expect, it } from 'vitest';

import { emptyBatch, type Batch } from '@/live/events';
import { job, pageOf } from '@/testing/jobs';
import type { Job } from '@/types';

import { parseFilter } from './filter';
import { applyBatch, type JobPage } from './live-page';

const filter = (query = '') => parseFilter(new URLSearchParams(query));
const page = (ids: number[], nextCursor: string | null = null): JobPage => pageOf(ids.map((n) => job(n)), nextCursor);
const batch = (...jobs: Job[]): Batch => ({ ...emptyBatch(), jobs: new Map(jobs.map((one) => [one._id, one])) });
const numbers = (of: JobPage) => of.jobs.map((one) => Number(`0x${one._id}`));

describe('a frame of events on a page', () => {
  it('puts a new job where it belongs, in either order', () => {
    expect(numbers(applyBatch(page([5, 3]), filter(), batch(job(6))).page)).toEqual([6, 5, 3]);
    expect(numbers(applyBatch(page([3, 5]), filter('sort=created'), batch(job(6))).page)).toEqual([3, 5, 6]);
  });

  it('never makes two rows of one job', () => {
    let now = page([2, 1]);
    for (let rev = 1; rev < 20; rev += 1) now = applyBatch(now, filter(), batch(job(3, { rev }), job(2, { rev }))).page;
    expect(numbers(now)).toEqual([3, 2, 1]);
  });

  it('ignores a state that is older than the one shown', () => {
    const shown = pageOf([job(1, { rev: 5, status: 'completed' })]);
    expect(applyBatch(shown, filter(), batch(job(1, { rev: 4, status: 'running' }))).page).toBe(shown);
  });

  it('takes a job away that left the filter, and brings one that entered it', () => {
    const left = applyBatch(pageOf([job(2, { status: 'running' })]), filter('status=running'), batch(job(2, { rev: 2, status: 'completed' }), job(3, { status: 'running' })));
    expect(numbers(left.page)).toEqual([3]);
  });

  it('leaves a later page alone, save for what lies on it', () => {
    const later = applyBatch(page([9, 5], 'more'), filter('cursor=x'), batch(job(12), job(7), job(2)));
    expect(numbers(later.page)).toEqual([9, 7, 5]);
  });

  it('asks the server where only it can tell', () => {
    const searched = applyBatch(page([2, 1]), filter('q=job'), batch(job(3)));
    expect(searched).toEqual({ page: page([2, 1]), ask: true });
  });

  it('is the same object when nothing changed', () => {
    const shown = page([2, 1]);
    expect(applyBatch(shown, filter('task=simulated'), batch(job(3, { task: 'other' }))).page).toBe(shown);
  });

  it('stays bounded under a flood, and asks for the true page', () => {
    let now = page([1], 'more');
    let asked = false;
    for (let n = 2; n < 2_000; n += 1) {
      const applied = applyBatch(now, filter(), batch(job(n)));
      now = applied.page;
      asked ||= applied.ask;
    }
    expect(now.jobs.length).toBeLessThanOrEqual(150);
    expect(numbers(now)[0]).toBe(1_999);
    expect(asked).toBe(true);
  }, 60_000);

  it('moves the progress of the attempt that runs, and of no other', () => {
    const running = pageOf([job(1, { status: 'running', attempt: 2, rev: 3 })]);
    const progress = (attempt: number): Batch => ({ ...emptyBatch(), progress: new Map([[job(1)._id, { jobId: job(1)._id, attempt, rev: 3, percent: 40, message: 'x' }]]) });
    expect(applyBatch(running, filter(), progress(2)).page.jobs[0]?.progress).toEqual({ percent: 40, message: 'x' });
    expect(applyBatch(running, filter(), progress(1)).page).toBe(running);
  });
});
