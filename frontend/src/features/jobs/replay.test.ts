import { describe, expect, it } from 'vitest';

import { draftOf, toReplay } from './replay';

const job = { name: 'Report', queue: 'default', priority: 5 };
const text = '{"a": 1}';
const checked = { ok: true, value: { a: 1 } } as const;

describe('toReplay', () => {
  it('sends nothing but its key where nothing was changed', () => {
    expect(toReplay(draftOf(job, text, 'k'), job, text, checked)).toEqual({ idempotencyKey: 'k' });
  });

  it('sends what was changed', () => {
    const draft = { name: ' Again ', queue: 'slow', priority: '9', delay: '2.5', text: '{"a": 2}', key: 'k' };
    expect(toReplay(draft, job, text, { ok: true, value: { a: 2 } })).toEqual({
      idempotencyKey: 'k', payload: { a: 2 }, name: 'Again', queue: 'slow', priority: 9, delayS: 2.5,
    });
  });

  it('takes over what was emptied', () => {
    expect(toReplay({ ...draftOf(job, text, 'k'), name: ' ', queue: '' }, job, text, checked)).toEqual({ idempotencyKey: 'k' });
  });

  it('is none while the payload is no JSON', () => {
    expect(toReplay(draftOf(job, '{', 'k'), job, text, { ok: false, problems: [] })).toBeNull();
  });
});
