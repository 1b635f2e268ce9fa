import { describe, expect, it } from 'vitest';

import { job, pageOf } from '@/testing/jobs';
import type { Job } from '@/types';

import type { JobPage } from './live-page';
import { steady } from './steady-page';

const page = (ids: number[], nextCursor: string | null = null): JobPage => pageOf(ids.map((n) => job(n)), nextCursor);
const unchanged = (one: Job) => ({ job: one, gone: false });
const numbers = (of: JobPage) => of.jobs.map((one) => Number(`0x${one._id}`));

describe('a page that is held', () => {
  it('keeps its rows in place and counts what arrived above and between them', () => {
    const view = steady(page([5, 3]), page([7, 6, 5, 4, 3]), unchanged);
    expect(numbers(view.page)).toEqual([5, 3]);
    expect(view.waiting).toBe(3);
  });

  it('takes in what comes below, which moves nothing', () => {
    const view = steady(page([5, 3], 'a'), page([6, 5, 3, 2, 1], 'b'), unchanged);
    expect(numbers(view.page)).toEqual([5, 3, 2, 1]);
    expect([view.waiting, view.page.nextCursor]).toEqual([1, 'b']);
  });

  it('shows each row in its newest state, and which ones left the list', () => {
    const now = pageOf([job(5, { rev: 2, status: 'running' })]);
    const view = steady(page([5, 4]), now, (one) => ({ job: { ...one, status: 'completed' }, gone: true }));
    expect(view.page.jobs.map(({ status }) => status)).toEqual(['running', 'completed']);
    expect([...view.gone]).toEqual([job(4)._id]);
  });

  it('is held no more once all its rows are gone', () => {
    const view = steady(page([5, 4]), page([9]), (one) => ({ job: one, gone: true }));
    expect([numbers(view.page), view.waiting, view.gone.size]).toEqual([[9], 0, 0]);
  });

  it('goes on to the page that follows its own last row, however many came since', () => {
    const view = steady(page([5, 4], 'after 4'), page([99, 98], 'after 98'), unchanged);
    expect([view.waiting, view.page.nextCursor]).toEqual([2, 'after 4']);
  });
});
