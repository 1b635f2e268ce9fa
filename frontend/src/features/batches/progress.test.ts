import { expect, it } from 'vitest';

import { endedOf, progressText, sharesOf } from './progress';

const progress = { total: 10, done: 3, failed: 2, cancelled: 0, running: 1, waiting: 4 };

it('says how far the jobs are', () => {
  expect(progressText(progress)).toBe('3 of 10 done, 2 failed');
  expect(progressText({ ...progress, failed: 0, cancelled: 1200, total: 2000 })).toBe('3 of 2,000 done, 1,200 cancelled');
  expect(endedOf(progress)).toBe(5);
});

it('divides a bar among them, and none of a map without items', () => {
  expect(sharesOf(progress).map(({ status, percent }) => [status, percent])).toEqual([['completed', 30], ['dlq', 20], ['cancelled', 0], ['running', 10], ['pending', 40]]);
  expect(sharesOf({ total: 0, done: 0, failed: 0, cancelled: 0, running: 0, waiting: 0 }).every(({ percent }) => percent === 0)).toBe(true);
});
