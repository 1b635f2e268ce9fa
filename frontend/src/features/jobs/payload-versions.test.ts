import { expect, it } from 'vitest';

import { beginsVersion, payloadVersions } from './payload-versions';

it('returns the payload of each attempt', () => {
  const job = { earlierPayloads: [{ untilAttempt: 1, payload: 'a' }, { untilAttempt: 4, payload: 'b' }], payload: 'c' };
  expect(payloadVersions(job).map(({ label, payload }) => [label, payload])).toEqual([['Attempt 1', 'a'], ['Attempts 2–4', 'b'], ['From attempt 5', 'c']]);
  expect([1, 2, 4, 5].filter((number) => beginsVersion(job, number))).toEqual([2, 5]);
  expect(payloadVersions({ earlierPayloads: [], payload: 'a' })).toEqual([{ from: 1, label: 'From attempt 1', payload: 'a' }]);
});
