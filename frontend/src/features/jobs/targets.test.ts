import { expect, it } from 'vitest';

import { job } from '@/testing/jobs';

import { aimAtFilter, aimAtRows } from './targets';

const rows = [job(1, { status: 'running' }), job(2, { status: 'dlq' }), job(3, { status: 'completed' })];

it('aims at the rows whose state allows the action', () => {
  expect(aimAtRows('cancel', rows)).toEqual({ target: { ids: [rows[0]?._id] }, skipped: 2 });
  expect(aimAtRows('delete', rows)).toEqual({ target: { ids: [rows[1]?._id, rows[2]?._id] }, skipped: 1 });
  expect(aimAtRows('retry', rows.slice(2))).toEqual({ target: null, skipped: 1 });
});

it('narrows a filter to states that the action can change', () => {
  expect(aimAtFilter('retry', { scope: 'own', task: 'x' }).target).toEqual({ filter: { scope: 'own', task: 'x', status: ['dlq', 'retrying'] } });
  expect(aimAtFilter('cancel', { scope: 'own', status: ['completed'] }).target).toBeNull();
});
