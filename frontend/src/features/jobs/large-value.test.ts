import { expect, test } from 'vitest';

import { formatBytes } from './large-value';

test('sizes are in KB below a megabyte, above in MB', () => {
  expect([70_000, 1_000_000, 5 * 1024 * 1024].map(formatBytes)).toEqual(['68 KB', '977 KB', '5.0 MB']);
});
