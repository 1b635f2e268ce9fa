import { expect, it } from 'vitest';

import type { DlqGroup, Queue } from '@/types';

import { troubles } from './troubles';

const queue = (name: string, parts: Partial<Queue>): Queue => ({ name, paused: false, strict: false, ready: 0, running: 0, blocked: 0, scheduled: 0, retrying: 0, waiting: 0, oldestAgeMs: null, ratePerMin: 0, ...parts });
const group: DlqGroup = { group: 'g', type: 'ConnectError', message: '', count: 40, lastAt: null, tasks: [], sampleId: '', comments: 0 };
const recent = { count: 50, exact: true, since: '2026-01-02T03:04:05Z' };
const quiet = { recent: { ...recent, count: 0 }, groups: [], lastHour: { completed: 10 }, queues: [] };

it('says what failed, how much, and since when', () => {
  const [failed] = troubles({ ...quiet, recent, groups: [group], lastHour: { completed: 100 } });
  expect(failed?.what).toBe('50 jobs failed in the last hour');
  expect(failed?.detail).toMatch(/^Since \d\d:\d\d:05\. Most frequent error in dead letters: ConnectError, 40 jobs\.$/);
  expect(troubles({ ...quiet, recent: { ...recent, count: 1000, exact: false, since: null } })[0]?.what).toBe('More than 1,000 jobs failed in the last hour');
});

it('is silent while nothing is wrong, or not known yet', () => {
  expect(troubles({ recent: undefined, groups: undefined, lastHour: undefined, queues: undefined })).toEqual([]);
  expect(troubles({ ...quiet, queues: [queue('a', { ready: 9, oldestAgeMs: 1000 }), queue('b', { paused: true })] })).toEqual([]);
  expect(troubles({ ...quiet, recent: { ...recent, count: 9 }, lastHour: { completed: 999 } })).toEqual([]);
});

it('names queues in which jobs wait that nothing runs, the longest first', () => {
  const found = troubles({ ...quiet, queues: [queue('slow', { ready: 2, oldestAgeMs: 400_000 }), queue('held', { paused: true, ready: 1, oldestAgeMs: 2000 }), queue('full', { ready: 50, oldestAgeMs: 600_000 })] });
  expect(found.map(({ what, detail }) => `${what}: ${detail}`)).toEqual([
    'Queue full is behind: 50 jobs are pending, the oldest for 10 min.',
    'Queue slow is behind: 2 jobs are pending, the oldest for 6 min 40 s.',
    'Queue held is paused: 1 job is pending, the oldest for 2.0 s.',
  ]);
});
