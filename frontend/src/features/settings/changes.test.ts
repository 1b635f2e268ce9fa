import { describe, expect, it } from 'vitest';

import { changes } from './changes';

describe('changes', () => {
  it('names the fields that differ', () => {
    expect(changes({ openJobs: 5, weight: 1 }, { openJobs: 7, weight: 1 })).toEqual(['openJobs: 5 → 7']);
  });
  it('shows what was made and what was removed', () => {
    expect(changes(null, { name: 'x' })).toEqual(['name: "x"']);
    expect(changes({ name: 'x' }, null)).toEqual(['name: "x" → removed']);
    expect(changes(null, null)).toEqual([]);
  });
  it('compares lists by what they contain', () => {
    expect(changes({ tags: ['a'] }, { tags: ['a'] })).toEqual([]);
    expect(changes({ tags: ['a'] }, { tags: ['a', 'b'] })).toEqual(['tags: ["a"] → ["a","b"]']);
  });
  it('leaves out what would fill the page', () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`field${String(n)}`, n]));
    expect(changes(null, many)).toHaveLength(13);
    expect(changes(null, many).at(-1)).toBe('and 8 more');
  });
});
