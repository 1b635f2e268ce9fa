import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { throttle } from './throttle';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

it('runs at once, then at most once a period, and once more after the last call', () => {
  const work = vi.fn();
  const run = throttle(work, 1_000);
  for (let n = 0; n < 50; n += 1) {
    run();
    vi.advanceTimersByTime(50);
  }
  expect(work).toHaveBeenCalledTimes(3);
  vi.advanceTimersByTime(2_000);
  expect(work).toHaveBeenCalledTimes(4);
});
