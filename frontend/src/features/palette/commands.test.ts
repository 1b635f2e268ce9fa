import { expect, it, vi } from 'vitest';

import { fromText, narrow } from './commands';

const command = (label: string) => ({ id: label, label, group: '', run: () => undefined });

it('finds commands by all typed words, the best first', () => {
  const all = ['Show failed jobs', 'Go to queues', 'New job'].map(command);
  expect(narrow(all, 'job').map(({ label }) => label)).toEqual(['Show failed jobs', 'New job']);
  expect(narrow(all, 'new').map(({ label }) => label)).toEqual(['New job']);
  expect(narrow(all, 'jobs failed')).toHaveLength(1);
});

it('opens a typed job id, and searches for anything else', () => {
  const go = vi.fn();
  fromText('a'.repeat(24), go)[0]?.run();
  fromText('two words', go)[0]?.run();
  expect(go.mock.calls.flat()).toEqual([`/jobs/${'a'.repeat(24)}`, '/?q=two%20words']);
  expect(fromText('  ', go)).toEqual([]);
});
