import { expect, it } from 'vitest';

import { areAllLines, mergeLines } from './logs';

const line = (seq: number) => ({ seq, attempt: 1, at: '', level: 'info', message: String(seq) });

it('merges lines in order, each once, the last 500', () => {
  expect(mergeLines([line(2), line(3)], [line(1), line(3)]).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  const many = Array.from({ length: 600 }, (_, seq) => line(seq));
  expect(mergeLines(many, [])).toHaveLength(500);
  expect(mergeLines(many, [])[0]?.seq).toBe(100);
});

it('knows whether older lines were dropped', () => {
  const lines = (from: number, count: number) => Array.from({ length: count }, (_, n) => ({ seq: 1_000_000_000 + from + n, attempt: 1, at: '', level: 'info', message: '' }));
  expect(areAllLines(lines(1, 500))).toBe(true);
  expect(areAllLines(lines(301, 500))).toBe(false);
  expect(areAllLines([])).toBe(true);
});
