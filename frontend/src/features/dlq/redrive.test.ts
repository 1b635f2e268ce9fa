import { expect, it } from 'vitest';

import { step } from '@/testing/steps';

import { likelyStep, optionsOf } from './redrive';

it('offers the last step that failed, else the last one', () => {
  const steps = [step('a', 0), step('b', 1, { status: 'failed' }), step('c', 2)];
  expect(likelyStep({ steps, nextAfter: 200 })).toBe('b');
  expect(likelyStep({ steps: [step('a', 0), step('c', 2)], nextAfter: null })).toBe('c');
  expect(likelyStep({ steps: [step('a', 0)], nextAfter: 200 })).toBe('');
  expect(likelyStep({ steps: [], nextAfter: null })).toBe('');
});

it('sends what was chosen only: a payload voids the steps, and a step keeps the payload', () => {
  const draft = { step: 'ship', text: '{"a":1}' };
  const good = { ok: true, value: { a: 1 } } as const;
  const bad = { ok: false, problems: ['Not JSON'] } as const;
  expect(optionsOf({ ...draft, mode: 'rest' }, { ...bad, problems: [] })).toEqual({});
  expect(optionsOf({ ...draft, mode: 'step' }, good)).toEqual({ fromStep: 'ship' });
  expect(optionsOf({ ...draft, mode: 'step', step: '' }, good)).toBeNull();
  expect(optionsOf({ ...draft, mode: 'payload' }, good)).toEqual({ payload: { a: 1 } });
  expect(optionsOf({ ...draft, mode: 'payload' }, { ...bad, problems: [] })).toBeNull();
  expect(optionsOf({ ...draft, mode: 'payload' }, null), 'a payload that is not here').toEqual({});
});
