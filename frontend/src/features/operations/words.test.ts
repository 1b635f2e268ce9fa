import { expect, it } from 'vitest';

import type { Operation } from '@/types';

import { bytes, outcomeText } from './words';

const operation = (change: Partial<Operation>): Operation => ({ _id: 'a', kind: 'export', name: 'x', status: 'completed', progress: null, error: null, cancelRequested: false, matched: null, options: {}, outcome: null, file: null, finishedAt: null, traceId: 't', con: '2030-01-01T00:00:00Z', ...change });

it('says how large a file is', () => {
  expect([1, 999, 1000, 999_999, 12_345_678].map(bytes)).toEqual(['1 byte', '999 bytes', '1 kB', '1.0 MB', '12.3 MB']);
});

it('says what came of an export', () => {
  expect(outcomeText(operation({ outcome: { jobs: 1200, bytes: 4000, truncated: false } }))).toBe('1,200 jobs, 4 kB');
  expect(outcomeText(operation({ outcome: { jobs: 1, bytes: 4000, truncated: true } }))).toBe('1 job, 4 kB; there are more');
  expect(outcomeText(operation({ status: 'cancelled' }))).toBe('Cancelled');
});

it('says what came of a bulk operation', () => {
  expect(outcomeText(operation({ kind: 'redrive', outcome: { changed: 1200, failed: 0, truncated: false } }))).toBe('1,200 jobs queued again');
  expect(outcomeText(operation({ kind: 'delete', outcome: { changed: 1, failed: 2, truncated: false } }))).toBe('1 job deleted; 2 could not be changed');
});
