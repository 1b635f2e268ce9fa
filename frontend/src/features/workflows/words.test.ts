import { expect, it } from 'vitest';

import { node } from '@/testing/workflows';

import { describeNode, itemsText } from './words';

const items = { total: 10, done: 3, failed: 1, cancelled: 0, running: 2, waiting: 4 };

it('says what a node is, with the items of its map', () => {
  expect(describeNode(node('fetch', [], { status: 'dlq' }))).toBe('fetch, Failed');
  expect(describeNode(node('each', [], { map: true, items }))).toBe('each, Blocked, 3 of 10 done, 1 failed');
  expect(describeNode(node('gone', [], { status: null }))).toBe('gone, No job');
});

it('knows a map that has not begun, and one of no items', () => {
  expect(itemsText(node('each', [], { map: true }))).toBe('For each item');
  expect(itemsText(node('each', [], { map: true, status: 'completed' }))).toBe('No items');
  expect(itemsText(node('plain'))).toBe('');
});
