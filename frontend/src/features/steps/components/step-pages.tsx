import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';

import { Button } from '@/components/button';
import { count } from '@/lib/format';
import { toasts } from '@/lib/toasts';

import { findLastPage, STEPS } from '../api/list-steps';

interface StepPagesProps {
  id: string;
  after: number;
  /** Steps on this page; null while they are read. */
  shown: number | null;
  hasMore: boolean;
  onPage: (after: number) => void;
}

function shownText(after: number, shown: number | null): string {
  if (shown === null) return 'Loading…';
  return shown === 0 ? 'No steps here' : `Steps ${count(after + 1)} to ${count(after + shown)}`;
}

/** The way through many steps; nothing where there is one page. The API knows no total, so the last page is looked for. */
export function StepPages({ id, after, shown, hasMore, onPage }: StepPagesProps) {
  const [looking, setLooking] = useState(false);
  if (after === 0 && !hasMore) return null;
  const last = (): void => {
    setLooking(true);
    findLastPage(id, after).then(onPage, (error: unknown) => { toasts.error(error as Error); }).finally(() => { setLooking(false); });
  };
  return (
    <nav aria-label="Pages of steps" className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2.5 text-ink-2">
      <span data-testid="steps-shown" className="num mr-auto">{shownText(after, shown)}</span>
      <Button kind="ghost" disabled={after === 0} onClick={() => { onPage(0); }}>First</Button>
      <Button icon={<ChevronLeft />} disabled={after === 0} onClick={() => { onPage(after - STEPS); }}>Previous</Button>
      <Button disabled={!hasMore} onClick={() => { onPage(after + STEPS); }}>Next<ChevronRight aria-hidden /></Button>
      <Button kind="ghost" busy={looking} disabled={!hasMore} onClick={last}>Last</Button>
    </nav>
  );
}
