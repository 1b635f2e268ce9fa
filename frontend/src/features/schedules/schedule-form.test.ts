import { describe, expect, it } from 'vitest';

import type { ScheduleDetail } from '@/types';

import { blankFields, fieldsOf, localInput, toPut, whenOf } from './schedule-form';
import { inZone, whyNone } from './words';

const fields = blankFields('Europe/Berlin');

const known: ScheduleDetail = {
  _id: 'a'.repeat(24), tenantId: 'b'.repeat(24), ownerId: 'c'.repeat(24), name: 'report', state: 'active', source: 'api', words: 'Every 2 hours',
  cron: null, everyS: 7200, at: null, tz: 'UTC', jobName: 'Daily report', task: 'simulated', queue: 'mail', priority: 7, tags: ['a'], maxRetries: 1, timeoutS: null,
  missed: 'all', catchupS: 1800, overlap: 'allow', jitterS: 30, paused: false, next: [], lastRun: null, rev: 1, con: '', mon: '', payload: {},
};

describe('when a schedule fires', () => {
  it('is a cron expression in a zone, an interval, or a time', () => {
    expect(whenOf(fields)).toEqual({ cron: '0 7 * * 1-5', tz: 'Europe/Berlin' });
    expect(whenOf({ ...fields, kind: 'every', every: '1.5', unit: 'hours' })).toEqual({ everyS: 5400, tz: 'UTC' });
    const at = localInput('2030-01-31T12:00:00.000Z');
    expect(whenOf({ ...fields, kind: 'at', at })).toEqual({ at: '2030-01-31T12:00:00.000Z', tz: 'UTC' });
  });

  it('is none while it is not complete', () => {
    expect(whenOf({ ...fields, cron: ' ' })).toBeNull();
    expect(whenOf({ ...fields, kind: 'every', every: '0' })).toBeNull();
    expect(whenOf({ ...fields, kind: 'every', every: 'x' })).toBeNull();
    expect(whenOf({ ...fields, kind: 'at' })).toBeNull();
  });
});

it('sends a new schedule with what was left empty left to the task', () => {
  const put = toPut({ ...fields, name: 'report' }, { cron: '0 7 * * 1-5', tz: 'UTC' }, 'simulated', { a: 1 });
  expect(put).toMatchObject({ name: 'report', queue: null, missed: 'once', overlap: 'skip', catchupS: 86_400, jitterS: 0, payload: { a: 1 } });
});

it('changes a schedule and keeps what it does not show', () => {
  const shown = fieldsOf(known, 'Europe/Berlin');
  expect(shown).toMatchObject({ kind: 'every', every: '2', unit: 'hours', jobName: 'Daily report', catchupHours: '0.5', jitter: '30' });
  const put = toPut(shown, whenOf(shown) ?? { tz: '' }, known.task, {}, known);
  expect(put).toMatchObject({ everyS: 7200, name: 'Daily report', priority: 7, tags: ['a'], maxRetries: 1, catchupS: 1800, jitterS: 30, queue: 'mail' });
});

it('says why a fire has no job', () => {
  expect(whyNone({ skipped: 'overlap', waiting: false })).toBe('A job of the schedule was open');
  expect(whyNone({ skipped: null, waiting: true })).toBe('Waits for the open job to end');
  expect(whyNone({ skipped: null, waiting: false })).toBe('');
});

it('shows a time on the clock of a zone', () => {
  expect(inZone('2026-03-30T05:00:00.000Z', 'Europe/Berlin')).toMatch(/^Mon,? 30 Mar 2026.* 07:00:00/);
});
