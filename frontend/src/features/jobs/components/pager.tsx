import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useLocation, useNavigate } from 'react-router';

import { Button } from '@/components/button';

import { pageSizes, type JobFilter } from '../filter';

interface PagerProps {
  filter: JobFilter;
  shown: number;
  nextCursor: string | null;
  onChange: (change: Partial<JobFilter>) => void;
}

/** Forward by the cursor, back through the history; a page opened from a link goes back to the first. */
export function Pager({ filter, shown, nextCursor, onChange }: PagerProps) {
  const navigate = useNavigate();
  const { key } = useLocation();
  const back = (): void => {
    if (key === 'default') onChange({ cursor: '' });
    else void navigate(-1);
  };
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2.5 text-ink-2">
      <span className="num mr-auto">{shown} on this page</span>
      <select aria-label="Jobs on a page" value={filter.limit} onChange={(event) => { onChange({ limit: Number(event.target.value) }); }} className="field w-auto max-sm:hidden">
        {pageSizes.map((size) => <option key={size} value={size}>{size} a page</option>)}
      </select>
      {filter.cursor ? <Button kind="ghost" onClick={() => { onChange({ cursor: '' }); }}>First</Button> : null}
      <Button icon={<ChevronLeft />} disabled={!filter.cursor} onClick={back}>Back</Button>
      <Button disabled={nextCursor === null} onClick={() => { if (nextCursor) onChange({ cursor: nextCursor }); }}>Next<ChevronRight aria-hidden /></Button>
    </nav>
  );
}
