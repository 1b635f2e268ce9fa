// @vitest-environment jsdom
import { expect, it } from 'vitest';

import { safeNext } from './components/login-page';
import { scopesOf } from './use-caller';

it('goes on to pages of ours only after the log-in', () => {
  expect(['/dlq?group=a', '//evil.example', '/\\evil.example', 'https://evil.example', null].map(safeNext)).toEqual(['/dlq?group=a', '/', '/', '/', '/']);
});

it('offers the scopes that a role may read', () => {
  expect(scopesOf('member')).toEqual(['own']);
  expect(scopesOf('viewer')).toEqual(['own', 'tenant']);
  expect(scopesOf('operator')).toEqual(['own', 'tenant', 'all']);
});
