import { describe, expect, it } from 'vitest';

import { job } from '@/testing/jobs';

import { criteria, filterParams, hasCriteria, listQuery, matches, parseFilter } from './filter';

const parse = (query: string) => parseFilter(new URLSearchParams(query));

describe('the filter in the URL', () => {
  it('survives the way there and back', () => {
    const query = { q: 'report', status: 'pending,retrying', task: 'a', queue: 'b', tag: 'c', trace: 'd', batch: 'e', payload: 'customer.id=42', scope: 'tenant', sort: 'created', cursor: 'x', limit: '100' };
    const filter = parse(new URLSearchParams(query).toString());
    expect(filterParams(filter)).toEqual(query);
  });

  it('leaves defaults out and shrugs at nonsense', () => {
    const filter = parse('status=bogus,failed&limit=7&sort=name&scope=world');
    expect(filter).toMatchObject({ status: ['dlq'], limit: 50, sort: '-created', scope: 'own' });
    expect(Object.values(filterParams(parse(''))).filter(Boolean)).toEqual([]);
  });

  it('asks the API with lists as lists', () => {
    expect(listQuery(parse('status=pending,retrying&q=x'))).toEqual({ scope: 'own', q: 'x', status: ['pending', 'retrying'], sort: '-created', limit: 50 });
    expect(criteria(parse(''))).toEqual({ scope: 'own' });
    expect(hasCriteria(parse('scope=tenant'))).toBe(false);
    expect(hasCriteria(parse('tag=x'))).toBe(true);
  });

  it('keeps a condition on payloads from actions, which take none', () => {
    const filter = parse('payload=id%3D1&q=x');
    expect(listQuery(filter).payload).toEqual(['id=1']);
    expect(criteria(filter)).toEqual({ scope: 'own', q: 'x' });
    expect(hasCriteria(parse('payload=id%3D1'))).toBe(true);
    expect(matches(filter, job(1))).toBeNull();
  });

  it('knows whether a job belongs, or that only the server does', () => {
    expect(matches(parse('status=running'), job(1))).toBe(false);
    expect(matches(parse('tag=x'), job(1, { tags: ['x'] }))).toBe(true);
    expect(matches(parse('trace=x'), job(1, { traceId: 'x' }))).toBe(true);
    expect(matches(parse('trace=x'), job(1, { traceId: 'xy' }))).toBe(false);
    expect(matches(parse('batch=x'), job(1, { batchId: 'x' }))).toBe(true);
    expect(matches(parse('batch=x'), job(1))).toBe(false);
    expect(matches(parse('q=x'), job(1))).toBeNull();
    expect(matches(parse('q=x&task=other'), job(1))).toBe(false);
  });
});
