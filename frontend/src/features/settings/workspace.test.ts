import { describe, expect, it } from 'vitest';

import type { WorkspaceSettings } from '@/types';

import { boundsOf, changesOf, workspaceFields } from './workspace';

const settings: WorkspaceSettings = { submissionsPerMinute: 0, openJobs: 100, concurrency: 0, weight: 1, keepCompletedDays: 30, keepDlqDays: 90, keepCancelledDays: 30 };

function written(changes: Partial<Record<keyof WorkspaceSettings, string>>) {
  const texts: Record<string, string> = { ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)])), ...changes };
  return (name: string): string => texts[name] ?? '';
}

describe('changesOf', () => {
  it('sends what differs alone', () => {
    expect(changesOf(written({}), settings)).toEqual({});
    expect(changesOf(written({ openJobs: '7', weight: '2.5' }), settings)).toEqual({ openJobs: 7, weight: 2.5 });
  });
  it('goes back to the default with an empty field', () => {
    expect(changesOf(written({ keepDlqDays: '' }), settings)).toEqual({ keepDlqDays: null });
  });
});

describe('boundsOf', () => {
  it('names what 0 means, the default and the most', () => {
    const field = workspaceFields.find(({ name }) => name === 'openJobs');
    expect(field && boundsOf(field, 100, 500)).toBe('Jobs that have not ended · 0: no limit · default: 100 · at most 500');
  });
});
