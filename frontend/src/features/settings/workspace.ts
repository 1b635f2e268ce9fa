import type { WorkspaceSettings } from '@/types';

import type { WorkspaceChange } from './api/workspace';

export interface WorkspaceField {
  name: keyof WorkspaceSettings;
  label: string;
  hint: string;
  /** What 0 means; a weight is never 0. */
  zero: string;
}

export const workspaceFields: WorkspaceField[] = [
  { name: 'submissionsPerMinute', label: 'Submissions a minute', hint: 'Jobs that everyone together may submit', zero: 'no limit' },
  { name: 'openJobs', label: 'Open jobs', hint: 'Jobs that have not ended', zero: 'no limit' },
  { name: 'concurrency', label: 'Running jobs', hint: 'Jobs that run at the same time', zero: 'no limit' },
  { name: 'weight', label: 'Weight', hint: 'Share of the workers while other workspaces wait too', zero: '' },
  { name: 'keepCompletedDays', label: 'Keep completed jobs (days)', hint: 'Older ones are deleted with their logs', zero: 'for ever' },
  { name: 'keepDlqDays', label: 'Keep dead letters (days)', hint: 'Older ones are deleted with their logs', zero: 'for ever' },
  { name: 'keepCancelledDays', label: 'Keep cancelled jobs (days)', hint: 'Older ones are deleted with their logs', zero: 'for ever' },
];

/** What differs from the settings in force; an empty field goes back to the default. */
export function changesOf(text: (name: string) => string, settings: WorkspaceSettings): WorkspaceChange {
  const changes: WorkspaceChange = {};
  for (const { name } of workspaceFields) {
    const written = text(name).trim();
    const value = written === '' ? null : Number(written);
    if (value !== settings[name]) changes[name] = value;
  }
  return changes;
}

export function boundsOf(field: WorkspaceField, fallback: number, most: number): string {
  const parts = [field.hint, field.zero && `0: ${field.zero}`, `default: ${String(fallback)}`, most > 0 && `at most ${String(most)}`];
  return parts.filter(Boolean).join(' · ');
}
