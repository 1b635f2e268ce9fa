import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { useCaller, widestScope } from '@/features/session/use-caller';
import { currentParams } from '@/lib/current-params';

import { filterParams, parseFilter, type JobFilter } from './filter';

export interface JobFilterState {
  filter: JobFilter;
  /** Changes the URL. Anything but a new cursor goes back to the first page. */
  change: (change: Partial<JobFilter>) => void;
  clear: () => void;
}

const cleared: Partial<JobFilter> = { q: '', status: [], task: '', queue: '', tag: '', trace: '', payload: '', from: '', to: '', owner: '', tenant: '' };

export function useJobFilter(): JobFilterState {
  const [params, setParams] = useSearchParams();
  const widest = widestScope(useCaller().role);
  const filter = useMemo(() => parseFilter(params, widest), [params, widest]);
  const change = (change: Partial<JobFilter>): void => {
    const next = { ...parseFilter(currentParams(), widest), cursor: '', ...change };
    // Typing in the search box would otherwise fill the history with each letter.
    setParams(definedOnly(filterParams(next, widest)), { replace: 'q' in change, preventScrollReset: true });
  };
  return { filter, change, clear: () => { change(cleared); } };
}

function definedOnly(params: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
