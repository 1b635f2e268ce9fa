import { expect, it } from 'vitest';

import { arrowPath, linePath } from './edge-path';

const line = (...points: [number, number][]) => ({ from: 'a', to: 'b', points: points.map(([x, y]) => ({ x, y })) });

it('draws a line that begins and ends at the nodes', () => {
  expect(linePath(line([0, 0], [10, 5]))).toBe('M0 0L10 5');
  expect(linePath(line([0, 0], [5, 5], [10, 0]))).toBe('M0 0Q5 5 10 0');
  expect(linePath(line([0, 0], [4, 4], [8, 4], [12, 0]))).toBe('M0 0Q4 4 6 4Q8 4 12 0');
});

it('points the head of an arrow along the graph', () => {
  expect(arrowPath(line([0, 0], [10, 5]), false)).toBe('M10 5l-6 -4v8z');
  expect(arrowPath(line([0, 0], [10, 5]), true)).toBe('M10 5l-4 -6h8z');
});
