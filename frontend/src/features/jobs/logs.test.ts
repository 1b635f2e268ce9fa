import { expect, it } from 'vitest';

import { mergeLines } from './logs';

const line = (seq: number) => ({ seq, attempt: 1, at: '', level: 'info', message: String(seq) });

it('merges lines in order, each once, the last 500', () => {
  expect(mergeLines([line(2), line(3)], [line(1), line(3)]).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  const many = Array.from({ length: 600 }, (_, seq) => line(seq));
  expect(mergeLines(many, [])).toHaveLength(500);
  expect(mergeLines(many, [])[0]?.seq).toBe(100);
});
