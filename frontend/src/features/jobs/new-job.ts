/** The fields of the new-job dialog as the API takes them. Pure. */
import type { NewJob, OnConflict, RunIf } from '@/types';

export interface NewJobFields {
  name: string;
  queue: string;
  priority: string;
  delay: string;
  retries: string;
  tags: string;
  /** Empty: as the task says. */
  uniqueKey: string;
  onConflict: OnConflict;
  /** Ids of the jobs that it waits for, separated by spaces or commas. */
  dependsOn: string;
  runIf: RunIf;
}

export const blankFields: NewJobFields = { name: '', queue: '', priority: '5', delay: '', retries: '', tags: '', uniqueKey: '', onConflict: 'keep', dependsOn: '', runIf: 'all_ok' };

/** Empty fields are omitted: the task's defaults apply. */
export function toNewJob(fields: NewJobFields, task: string, payload: Record<string, unknown>, idempotencyKey: string): NewJob {
  const needs = fields.dependsOn.split(/[\s,]+/).filter(Boolean);
  const tags = fields.tags.split(',').map((tag) => tag.trim()).filter(Boolean);
  return {
    name: fields.name.trim() || task,
    task,
    payload,
    priority: Number(fields.priority),
    tags: [...new Set(tags)],
    idempotencyKey: idempotencyKey,
    ...(fields.queue.trim() ? { queue: fields.queue.trim() } : {}),
    ...(fields.delay ? { delayS: Number(fields.delay) } : {}),
    ...(fields.uniqueKey ? { unique: { key: fields.uniqueKey, onConflict: fields.onConflict } } : {}),
    ...(needs.length > 0 ? { dependsOn: [...new Set(needs)], runIf: fields.runIf } : {}),
    ...(fields.retries ? { maxRetries: Number(fields.retries) } : {}),
  };
}
