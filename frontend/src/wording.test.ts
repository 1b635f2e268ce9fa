/** Words that the dashboard does not use, and their replacements. See “Terms” in docs/dashboard.md. */
import { readdirSync, readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

const unwanted: Record<string, RegExp> = {
  'failed job': /\bdead jobs?\b|\bdied\b|gave up|gives? up/i,
  'current password': /present password/i,
  continues: /\bgoes on\b/i,
  running: /\bawake\b/i,
  expired: /\blapsed\b/i,
  'plain words': /all is well|are reached|ended well|nobody here/i,
};

const COMMENTS = /\/\*[^]*?\*\/|(?<!:)\/\/.*/g;

/** Code without its comments. */
function shownBy(file: string): string {
  return readFileSync(file, 'utf8').replace(COMMENTS, '');
}

it('says one thing by one word', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file) && !/\.test\.|api\.gen/.test(file));
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) => Object.entries(unwanted).filter(([, words]) => words.test(shownBy(`src/${file}`))).map(([better, words]) => `src/${file}: ${String(words)}, better “${better}”`));
  expect(found).toEqual([]);
});
