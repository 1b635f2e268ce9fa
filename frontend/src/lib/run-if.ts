/** How needed jobs must end, in words. Pure. */
import type { RunIf } from '@/types';

export const conditions: Record<RunIf, string> = {
  all_ok: 'Runs when all of them have completed.',
  all_done: 'Runs when all of them have ended.',
  any_failed: 'Runs when all have ended and one did not complete.',
  any_ok: 'Runs when all have ended and one has completed.',
};

export const conditionName: Record<RunIf, string> = { all_ok: 'All have completed', all_done: 'All have ended', any_failed: 'One did not complete', any_ok: 'One has completed' };
