/** What a redrive of one job runs again. Pure. */
import type { Checked } from '@/features/jobs/payload';
import type { Step, Steps } from '@/types';

/** What did not complete, a step and all after it, or everything with a payload: a plain job has the last one only. */
export type Mode = 'rest' | 'step' | 'payload';

export interface RedriveDraft {
  mode: Mode;
  step: string;
  text: string;
}

/** Nothing: as it is, which keeps what the steps of a durable job recorded. */
export interface RedriveOptions {
  payload?: Record<string, unknown>;
  /** A step of a durable job, from which on it runs again. */
  fromStep?: string;
}

/** The step from which one most likely wants to begin: the last that failed, else the last, if these are all. */
export function likelyStep({ steps, nextAfter }: Pick<Steps, 'nextAfter'> & { steps: Pick<Step, 'name' | 'status'>[] }): string {
  const failed = steps.findLast(({ status }) => status === 'failed');
  return (failed ?? (nextAfter === null ? steps.at(-1) : undefined))?.name ?? '';
}

/** The options of a draft; null while it is not complete. `checked` is its text; null: the payload stays as it is. */
export function optionsOf({ mode, step }: RedriveDraft, checked: Checked | null): RedriveOptions | null {
  if (mode === 'rest' || (mode === 'payload' && checked === null)) return {};
  if (mode === 'step') return step === '' ? null : { fromStep: step };
  return checked?.ok ? { payload: checked.value } : null;
}
