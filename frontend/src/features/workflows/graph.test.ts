import { expect, it } from 'vitest';

import { node } from '@/testing/workflows';

import { andBehind, endedNodes, retriedBy, stepOf, walk } from './graph';
import { layOut } from './layout';

// fetch leads to b1, b2 and b3; b1 and b3 to join.
const nodes = [node('fetch'), node('b1', ['fetch']), node('b2', ['fetch']), node('b3', ['fetch']), node('join', ['b1', 'b3'])];

it('finds all that is behind nodes', () => {
  expect([...andBehind(nodes, ['b1'])]).toEqual(['b1', 'join']);
  expect(andBehind(nodes, ['fetch']).size).toBe(5);
});

it('retries what did not complete and all behind it, or a node and all behind it', () => {
  const ended = nodes.map((each) => ({ ...each, status: each.id === 'b3' ? ('dlq' as const) : each.id === 'join' ? ('skipped' as const) : ('completed' as const) }));
  expect([...retriedBy(ended, null)].sort()).toEqual(['b3', 'join']);
  expect([...retriedBy(ended, 'b2')]).toEqual(['b2']);
  expect(endedNodes(ended)).toBe(5);
  expect(endedNodes([node('a', [], { status: null }), node('b', [], { status: 'running' })])).toBe(0);
});

it.each([false, true])('walks along the edges and within a layer (down: %s)', (down) => {
  const layout = layOut(nodes, down);
  const [forward, back, before, after] = down ? ['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown'];
  const go = (id: string, key = ''): string | null => {
    const step = stepOf(key, down);
    return step === null ? null : walk(id, step, layout, nodes);
  };
  const [top = '', middle = '', last = ''] = layout.order.slice(1, 4);
  expect(new Set([top, middle, last])).toEqual(new Set(['b1', 'b2', 'b3']));
  expect([go(top, after), go(middle, after), go(last, after)]).toEqual([middle, last, null]);
  expect(go(last, before)).toBe(middle);
  expect([go('b1', forward), go('b2', forward), go('b1', back)]).toEqual(['join', null, 'fetch']);
  expect(['b1', 'b2', 'b3']).toContain(go('fetch', forward));
  expect([go('b1', 'Home'), go('b1', 'End'), go('b1', 'a')]).toEqual(['fetch', 'join', null]);
});

it('lays nodes out in layers that do not overlap, in the order of Tab', () => {
  const { at, order, lines, width, height } = layOut(nodes, false);
  expect(order[0]).toBe('fetch');
  expect(order.at(-1)).toBe('join');
  expect([...at.values()].map(({ layer }) => layer).sort()).toEqual([0, 1, 1, 1, 2]);
  const corners = [...at.values()].map(({ x, y }) => `${String(x)} ${String(y)}`);
  expect(new Set(corners).size).toBe(5);
  expect(lines.map(({ from, to }) => `${from} ${to}`)).toEqual(['fetch b1', 'fetch b2', 'fetch b3', 'b1 join', 'b3 join']);
  expect(lines.every(({ points }) => points.length >= 2)).toBe(true);
  expect(width > 3 * 208 && height > 3 * 56).toBe(true);
});

it('takes ids that objects have as properties, and a node alone', () => {
  expect(layOut([node('constructor'), node('toString', ['constructor'])], false).order).toEqual(['constructor', 'toString']);
  expect(layOut([node('alone')], true).order).toEqual(['alone']);
});
