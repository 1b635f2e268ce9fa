import { useState } from 'react';

import type { BulkRequest, NarrowingDead, Operation } from '@/types';

import { AT_ONCE, useStartBulk } from './api/start-bulk';

type Action = BulkRequest['action'];
type Target = { ids: string[] } | { filter: NarrowingDead } | null;

export interface Bulk {
  /** The pace is asked for. */
  paced: boolean;
  /** Jobs a minute, as typed; empty: as fast as possible. */
  pace: string;
  setPace: (pace: string) => void;
  /** An operation changes the jobs, not one call. */
  needed: boolean;
  start: () => void;
  starting: boolean;
  started: Operation | undefined;
  error: Error | null;
}

const filterOf = (target: Target): NarrowingDead | null => (target !== null && 'filter' in target ? target.filter : null);
const runsAgain = (action: Action): boolean => action === 'retry' || action === 'redrive';

/** Changes the jobs of a filter by an operation: many, or at a pace. `matched`: how many there are, once counted. */
export function useBulk(action: Action, target: Target, matched = 0): Bulk {
  const [pace, setPace] = useState('');
  const start = useStartBulk();
  const filter = filterOf(target);
  const many = filter !== null && matched > AT_ONCE;
  const paced = many || (filter !== null && matched > 0 && runsAgain(action));
  return {
    paced,
    pace,
    setPace,
    needed: many || (paced && pace !== ''),
    start: () => { if (filter) start.mutate({ action, filter, dryRun: false, ratePerMin: pace === '' ? null : Number(pace) }); },
    starting: start.isPending,
    started: start.data,
    error: start.error,
  };
}
