import { expect, it } from 'vitest';

import { deadParams, everything, parseDead } from './filter';

it('redrives the open group, else what the search found', () => {
  const parse = (query: string) => parseDead(new URLSearchParams(query));
  expect(everything(parse('group=ab'))).toEqual({ group: 'ab', scope: 'own' });
  expect(everything(parse('q=mail&cursor=x&scope=tenant'))).toEqual({ filter: { q: 'mail', scope: 'tenant' } });
  expect(deadParams(parse('scope=own&q='))).toEqual({});
});
