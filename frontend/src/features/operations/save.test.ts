import { expect, it } from 'vitest';

import { fileName } from './save';

it('takes the name of a file from its answer, and no path', () => {
  expect(fileName('attachment; filename="jobs-2030-01-31.csv"', 'x')).toBe('jobs-2030-01-31.csv');
  expect(fileName('attachment; filename="../etc"', 'x')).toBe('x');
  expect(fileName('', 'jobs.csv')).toBe('jobs.csv');
});
