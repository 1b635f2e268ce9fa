import { expect, it } from 'vitest';

import type { Attempt } from '@/types';

import { timeline } from './timeline';

const at = (s: number) => new Date(s * 1000).toISOString();
const attempt = (number: number, from: number, to: number | null, waitS: number): Attempt => ({
  number, workerId: 'w', startedAt: at(from), endedAt: to === null ? null : at(to), outcome: to === null ? null : 'failed', waitMs: waitS * 1000, runMs: to === null ? 0 : (to - from) * 1000, error: null,
});

it('puts waits and runs on one axis; what still runs ends now', () => {
  const { bars, spanMs } = timeline([attempt(1, 2, 4, 2), attempt(2, 8, null, 1)], 0, 10_000);
  expect(spanMs).toBe(10_000);
  expect(bars.map(({ waitFrom, runFrom, to }) => [waitFrom, runFrom, to])).toEqual([[0, 0.2, 0.4], [0.7, 0.8, 1]]);
  expect(bars[1]?.runMs).toBe(2_000);
});

it('is empty before the first attempt', () => {
  expect(timeline([], 0, 10_000).bars).toEqual([]);
});
