import { expect, it } from 'vitest';

import { plainText } from './plain-text';

it('drops what colours text in a terminal, and nothing else', () => {
  expect(plainText('\u001b[1;31mred\u001b[0m and \u001b[38;5;12mblue\u001b[m')).toBe('red and blue');
  expect(plainText('\u001b]0;title\u0007shown \u001b]8;;https://example.com\u001b\\link\u001b]8;;\u001b\\')).toBe('shown link');
  expect(plainText('[31m stays, so does\ta tab')).toBe('[31m stays, so does\ta tab');
});
