import { expect, it } from 'vitest';

import { checkPayload } from '@/features/jobs/payload';

import { toOperation, untouched } from './replay-all';

const operation = (change: Partial<typeof untouched>) => {
  const draft = { ...untouched, ...change };
  return toOperation(draft, { scope: 'own', queue: 'mail' }, checkPayload(draft.text, undefined));
};

it('replays as the jobs were, unless something is changed', () => {
  expect(operation({})).toEqual({ action: 'replay', filter: { scope: 'own', queue: 'mail' }, dryRun: false, ratePerMin: null });
  expect(operation({ queue: ' again ', priority: '0', pace: '60' })).toMatchObject({ ratePerMin: 60, changes: { queue: 'again', priority: 0 } });
  expect(operation({ text: '{"draft": null}' })?.changes).toEqual({ merge: { draft: null } });
});

it('is no operation while the text is no JSON object', () => {
  expect(operation({ text: '[1]' })).toBeNull();
  expect(operation({ text: '{' })).toBeNull();
});
