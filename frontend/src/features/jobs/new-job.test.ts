import { expect, it } from 'vitest';

import { blankFields, toNewJob } from './new-job';

it('leaves to the task what is left empty', () => {
  expect(toNewJob(blankFields, 'simulated', {}, 'key')).toEqual({ name: 'simulated', task: 'simulated', payload: {}, priority: 5, tags: [], idempotencyKey: 'key' });
});

it('sends numbers as numbers and each tag once', () => {
  const fields = { ...blankFields, name: ' Report ', queue: 'mail', priority: '9', delay: '1.5', retries: '0', tags: 'a, b,,a' };
  expect(toNewJob(fields, 'simulated', {}, 'key')).toMatchObject({ name: 'Report', queue: 'mail', priority: 9, delayS: 1.5, maxRetries: 0, tags: ['a', 'b'] });
});

it('makes a job wait for others, each once', () => {
  const job = toNewJob({ ...blankFields, dependsOn: ' a, b\n a ', runIf: 'any_failed' }, 'simulated', {}, 'key');
  expect(job).toMatchObject({ dependsOn: ['a', 'b'], runIf: 'any_failed' });
  expect(toNewJob({ ...blankFields, runIf: 'all_done' }, 'simulated', {}, 'key')).not.toHaveProperty('runIf');
});

it('makes a job unique by its key', () => {
  const fields = { ...blankFields, uniqueKey: 'account-7', onConflict: 'run_after' as const };
  expect(toNewJob(fields, 'simulated', {}, 'key').unique).toEqual({ key: 'account-7', onConflict: 'run_after' });
});
