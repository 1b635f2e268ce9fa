import { expect, it } from 'vitest';

import { lastPage, pageStart } from './pages';

it('finds the last page that has something by few looks', async () => {
  for (const last of [0, 1, 49, 99, 100]) {
    const looked: number[] = [];
    const has = (page: number) => { looked.push(page); return Promise.resolve(page <= last); };
    expect(await lastPage(0, 100, has)).toBe(last);
    expect(looked.length).toBeLessThanOrEqual(7);
  }
});

it('looks at no page before the known one', async () => {
  expect(await lastPage(7, 100, (page) => Promise.resolve(page <= 7))).toBe(7);
});

it('begins at a multiple of the size, whatever the address says', () => {
  expect(['400', '450', '0', '-200', 'x', '1.5', null].map((text) => pageStart(text, 200))).toEqual([400, 400, 0, 0, 0, 0, 0]);
});
