import { describe, expect, it } from 'vitest';

import type { Block, Limit } from '@/types';

import { blockText, changesOf, formOf, stateOf, waitingText } from './limits';

const bounds = { concurrency: 1, rate: '30/min', burst: 5, total: null };
const limit: Limit = { name: 'account', per: null, shared: false, tasks: ['send'], ...bounds, paused: false, declared: bounds, source: 'code', changedAt: null, held: 0, waiting: 0, waitingIsExact: true };

describe('the state of a limit', () => {
  it('is paused, full, or has jobs that wait', () => {
    expect(stateOf(limit)).toBe('open');
    expect(stateOf({ ...limit, held: 1 })).toBe('full');
    expect(stateOf({ ...limit, held: 1, paused: true })).toBe('paused');
    expect(stateOf({ ...limit, concurrency: null, held: 9, waiting: 1 })).toBe('waiting');
  });

  it('is not full because one key is', () => {
    expect(stateOf({ ...limit, per: 'user', held: 7 })).toBe('open');
    expect(stateOf({ ...limit, per: 'user', held: 7, waiting: 2 })).toBe('waiting');
  });

  it('says when more wait than were counted', () => {
    expect(waitingText({ waiting: 1200, waitingIsExact: true })).toBe('1,200');
    expect(waitingText({ waiting: 1200, waitingIsExact: false })).toBe('1,200+');
  });
});

describe('a changed form', () => {
  const form = formOf(limit);

  it('sends what differs only', () => {
    expect(changesOf(limit, form)).toEqual({});
    expect(changesOf(limit, { ...form, concurrency: ' 3 ' })).toEqual({ concurrency: 3 });
    expect(changesOf(limit, { ...form, rate: '5/s', burst: '10' })).toEqual({ rate: '5/s', burst: 10 });
  });

  it('lifts what was emptied, and leaves nonsense to the API', () => {
    expect(changesOf(limit, { ...form, concurrency: '' })).toEqual({ concurrency: null });
    expect(changesOf(limit, { ...form, concurrency: 'many' })).toEqual({ concurrency: 'many' });
  });
});

describe('what a job waits for', () => {
  const block: Block = { limit: 'account', key: '42', queue: null, tenant: null, task: null, why: 'full', held: 1, of: 1, until: null };

  it('is in words', () => {
    expect(blockText(block)).toBe('account (42): 1 of 1 running');
    expect(blockText({ ...block, key: null, why: 'paused' })).toBe('account: paused');
    expect(blockText({ ...block, why: 'rate' })).toBe('account (42): next start soon');
    expect(blockText({ ...block, why: 'rate', until: '2026-11-29T10:00:00.000Z' })).toMatch(/^account \(42\): next start at /);
    expect(blockText({ ...block, limit: null, key: null, queue: 'mail', why: 'paused' })).toBe('Queue mail is paused');
    expect(blockText({ ...block, limit: null, key: null, why: 'paused' })).toBe('Everything is paused');
    expect(blockText({ ...block, limit: null, key: null, task: 'send', why: 'paused' })).toBe('Task send is paused');
    expect(blockText({ ...block, limit: null, key: null, tenant: 'f'.repeat(24), why: 'paused' })).toBe('Your workspace is paused');
    expect(blockText({ ...block, limit: null, key: null, tenant: 'f'.repeat(24), held: 5, of: 5 })).toBe('Your workspace: 5 of 5 running');
  });
});
