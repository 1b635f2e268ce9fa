import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';

import { useHotkeys } from '@/lib/use-hotkeys';
import { useScopedLink } from '@/features/session/use-scope';
import type { Job } from '@/types';

import type { Selection } from './use-selection';

/** `j` and `k` walk the rows, `x` selects, Enter opens; returns the id of the row that is on. */
export function useRowKeys(jobs: Job[], selection: Selection, scrollTo: (index: number) => void): string | null {
  const [active, setActive] = useState<string | null>(null);
  const navigate = useNavigate();
  const to = useScopedLink();
  const at = jobs.findIndex((job) => job._id === active);
  const keys = useMemo(() => {
    const move = (to: number): void => {
      const job = jobs[Math.min(jobs.length - 1, Math.max(0, to))];
      if (!job) return;
      setActive(job._id);
      scrollTo(jobs.indexOf(job));
    };
    const current = jobs[at];
    const onCurrent = (act: (job: Job) => void) => () => { if (current) act(current); };
    return {
      j: () => { move(at + 1); },
      k: () => { move(at - 1); },
      x: onCurrent((job) => { selection.toggle(job._id); }),
      ...(current && document.activeElement === document.body ? { enter: onCurrent((job) => { void navigate(to(`/jobs/${job._id}`)); }) } : {}),
    };
  }, [jobs, at, selection, scrollTo, navigate, to]);
  useHotkeys(keys);
  return active;
}
