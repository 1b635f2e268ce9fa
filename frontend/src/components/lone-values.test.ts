import { expect, it } from 'vitest';

import { loneValues } from './lone-values';

it('finds the values that no line leads to', () => {
  expect(loneValues([1, null, 0, 2, null, 3])).toEqual([0, 5]);
  expect(loneValues([null, 4, null])).toEqual([1]);
  expect(loneValues([1, 2, 3])).toEqual([]);
  expect(loneValues([])).toEqual([]);
});
