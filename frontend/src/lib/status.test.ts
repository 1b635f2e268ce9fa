import { expect, it } from 'vitest';

import { job } from '@/testing/jobs';

import { attemptsOf } from './status';

it('counts the tries of the present series, never more than there are', () => {
  const tries = (changes: Parameters<typeof job>[1]) => attemptsOf(job(1, { maxRetries: 0, ...changes }));
  expect(tries({ status: 'dlq', attempt: 1 })).toBe('1/1');
  expect(tries({ status: 'running', attempt: 2, redrives: 1 })).toBe('1/1');
  expect(tries({ status: 'pending', attempt: 1, redrives: 1 })).toBe('0/1');
  expect(tries({ status: 'retrying', attempt: 2, retryCount: 2, maxRetries: 3 })).toBe('2/4');
  expect(tries({ status: 'running', attempt: 9, retryCount: 1, maxRetries: 3 })).toBe('2/4');
  expect(tries({ status: 'cancelled', attempt: 0, maxRetries: 3 })).toBe('0/4');
  expect(tries({ status: 'waiting', attempt: 5, retryCount: 0, maxRetries: 3 })).toBe('1/4');
});
