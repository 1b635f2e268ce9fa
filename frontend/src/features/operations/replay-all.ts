/** The fields of the dialog that replays all jobs of a filter, as the API takes them. Pure. */
import type { Checked } from '@/features/jobs/payload';
import type { BulkRequest, NarrowingDead } from '@/types';

export interface ReplayAllDraft {
  /** A JSON object that is merged into each payload. */
  text: string;
  queue: string;
  /** Empty: as each job has it. */
  priority: string;
  /** Jobs a minute; empty: as fast as possible. */
  pace: string;
}

export const untouched: ReplayAllDraft = { text: '{}', queue: '', priority: '', pace: '' };

/** The operation to start; null while what is to be merged is no object. */
export function toOperation(draft: ReplayAllDraft, filter: NarrowingDead, checked: Checked): BulkRequest | null {
  if (!checked.ok) return null;
  const queue = draft.queue.trim();
  const changes = {
    ...(Object.keys(checked.value).length > 0 && { merge: checked.value }),
    ...(queue && { queue }),
    ...(draft.priority && { priority: Number(draft.priority) }),
  };
  return { action: 'replay', filter, dryRun: false, ratePerMin: draft.pace === '' ? null : Number(draft.pace), ...(Object.keys(changes).length > 0 && { changes }) };
}
