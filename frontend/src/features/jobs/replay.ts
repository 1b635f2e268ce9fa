/** The fields of the replay dialog as the API takes them. Pure. */
import type { JobDetail, Replay } from '@/types';

import type { Checked } from './payload';

export interface ReplayDraft {
  name: string;
  queue: string;
  priority: string;
  delay: string;
  text: string;
  /** One for all tries: a second press after a lost response creates no second job. */
  key: string;
}

export function draftOf(job: Pick<JobDetail, 'name' | 'queue' | 'priority'>, text: string, key: string): ReplayDraft {
  return { name: job.name, queue: job.queue, priority: String(job.priority), delay: '', text, key };
}

/** Only what differs from the job; null while the payload is none. `began` is the text with which the editor began. */
export function toReplay(draft: ReplayDraft, job: Pick<JobDetail, 'name' | 'queue' | 'priority'>, began: string, checked: Checked): Replay | null {
  if (!checked.ok) return null;
  const name = draft.name.trim();
  const queue = draft.queue.trim();
  return {
    idempotencyKey: draft.key,
    ...(draft.text === began ? {} : { payload: checked.value }),
    ...(name && name !== job.name ? { name } : {}),
    ...(queue && queue !== job.queue ? { queue } : {}),
    ...(Number(draft.priority) === job.priority ? {} : { priority: Number(draft.priority) }),
    ...(draft.delay ? { delayS: Number(draft.delay) } : {}),
  };
}
