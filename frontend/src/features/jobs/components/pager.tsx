import { ChevronLeft, ChevronRight } from 'lucide-react';

import { Button } from '@/components/button';
import { count, plural } from '@/lib/format';

import { pageSizes } from '../filter';
import type { JobPage } from '../live-page';

interface PagerProps {
  page: Pick<JobPage, 'jobs' | 'nextCursor' | 'prevCursor'>;
  cursor: string;
  /** Of all pages; null while it is not known. */
  total: { total: number; exact: boolean } | null | undefined;
  onCursor: (cursor: string) => void;
  size?: { value: number; onChange: (size: number) => void };
}

function inAll(shown: number, total: PagerProps['total']): string {
  if (!total || (total.exact && total.total <= shown)) return plural(shown, 'job');
  return `${count(shown)} of ${total.exact ? '' : 'more than '}${plural(total.total, 'job')}`;
}

/** Forward and back by the cursors of the page. */
export function Pager({ page, cursor, total, onCursor, size }: PagerProps) {
  const { nextCursor, prevCursor } = page;
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2.5 text-ink-2">
      <span className="num mr-auto">{inAll(page.jobs.length, total)}</span>
      {size ? (
        <select aria-label="Jobs on a page" value={size.value} onChange={(event) => { size.onChange(Number(event.target.value)); }} className="field w-auto max-sm:hidden">
          {pageSizes.map((each) => <option key={each} value={each}>{each} a page</option>)}
        </select>
      ) : null}
      {cursor ? <Button kind="ghost" onClick={() => { onCursor(''); }}>First</Button> : null}
      {cursor || nextCursor ? (
        <>
          <Button icon={<ChevronLeft />} disabled={!cursor || prevCursor === null} onClick={() => { onCursor(prevCursor ?? ''); }}>Previous</Button>
          <Button disabled={nextCursor === null} onClick={() => { onCursor(nextCursor ?? ''); }}>Next<ChevronRight aria-hidden /></Button>
        </>
      ) : null}
    </nav>
  );
}
