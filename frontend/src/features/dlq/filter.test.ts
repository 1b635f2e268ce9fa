import { expect, it } from 'vitest';

import { deadParams, deadQuery, hasConditions, parseDead, wholeOf } from './filter';

it('lists, and redrives, what the group and the search have in common', () => {
  const parse = (query: string) => parseDead(new URLSearchParams(query));
  expect(deadQuery(parse('group=ab&q=mail'))).toEqual({ group: 'ab', q: 'mail', scope: 'own' });
  expect(deadQuery(parse('q=mail&cursor=x&scope=tenant'))).toEqual({ q: 'mail', scope: 'tenant' });
  expect([parse(''), parse('group=ab'), parse('group=ab&q=x'), parse('task=t')].map(wholeOf)).toEqual([
    'all', 'the group', 'everything that matches', 'everything that matches',
  ]);
  expect(deadParams(parse('scope=own&q='))).toEqual({});
});

it('looks into payloads for the list alone: actions take no such condition', () => {
  const filter = parseDead(new URLSearchParams('payload=customer.id%3D42'));
  expect(deadQuery(filter)).toEqual({ scope: 'own' });
  expect(hasConditions(filter)).toBe(true);
  expect(deadParams(filter)).toEqual({ payload: 'customer.id=42' });
});
