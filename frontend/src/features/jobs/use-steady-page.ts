import { useState, type RefObject } from 'react';

import { jobBook } from '@/live/job-book';
import type { Job } from '@/types';

import type { JobPage } from './live-page';
import { asRead, steady, type SteadyPage } from './steady-page';
import { useAttention } from './use-attention';

interface Held {
  list: string;
  page: JobPage;
}

interface SteadyOptions {
  page: JobPage;
  /** Identifies the list; null while `page` is still that of another one. */
  list: string | null;
  /** Rows are selected. */
  selecting: boolean;
  /** Whether a job still belongs to the list; null when only the server can tell. */
  belongs: (job: Job) => boolean | null;
  rows: RefObject<HTMLElement | null>;
}

/** Keeps rows in place while someone has scrolled among them, selects or points at them; `show` shows the waiting jobs. */
export function useSteadyPage({ page, list, selecting, belongs, rows }: SteadyOptions): SteadyPage & { show: () => void } {
  const attention = useAttention(rows);
  const [stored, setHeld] = useState<Held | null>(null);
  const kept = stored !== null && stored.list === list ? stored : null;
  const begun = list !== null && page.jobs.length > 0 ? { list, page } : null;
  const held = attention || selecting ? (kept ?? begun) : null;
  if (held !== stored) setHeld(held);
  const latest = (job: Job) => {
    const known = jobBook.known(job);
    return { job: known ?? job, gone: known === null || belongs(known) === false };
  };
  const view = held ? steady(held.page, page, latest) : asRead(page);
  const show = (): void => {
    if (held) setHeld({ ...held, page });
    rows.current?.scrollIntoView({ block: 'start' });
  };
  return { ...view, show };
}
