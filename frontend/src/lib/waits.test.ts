import { expect, it } from 'vitest';

import { eventsAwaited, jobsAwaited, waitText } from './waits';

const readyAt = '2026-11-25T13:20:00.000Z';

it('says what a waiting job waits for', () => {
  expect(waitText({ waitsFor: ['event:approval', 'event:paid'], readyAt })).toBe('Waits for event approval, event paid');
  expect(waitText({ waitsFor: ['job:1', 'event:go'], readyAt })).toBe('Waits for event go, another job');
  expect(waitText({ waitsFor: ['job:1', 'job:2'], readyAt })).toBe('Waits for 2 jobs');
  expect(waitText({ waitsFor: [], readyAt })).toMatch(/^Waits until 25 Nov,? \d\d:20$/);
});

it('tells events from jobs, whatever their names', () => {
  const job = { waitsFor: ['event:job.done', 'job:abc', 'event:a.b-c_d'] };
  expect(eventsAwaited(job)).toEqual(['job.done', 'a.b-c_d']);
  expect(jobsAwaited(job)).toEqual(['abc']);
});
