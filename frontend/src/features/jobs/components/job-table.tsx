import { defaultRangeExtractor, useWindowVirtualizer, type Range } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';

import { useMedia } from '@/lib/use-media';
import type { Job } from '@/types';

import { useRowKeys } from '../use-row-keys';
import type { Selection } from '../use-selection';
import { columnsWith, JobRow } from './job-row';
import { ownerOf, useOthers } from './owner';
import type { People } from './people-picks';

const ROW = { wide: 52, narrow: 72 };
interface Column {
  head: string;
  look?: string;
}

const owner: Column = { head: 'Owner', look: 'max-xl:hidden' };
const heads: Column[] = [
  { head: 'Status' },
  { head: 'Job' },
  { head: 'Task' },
  { head: 'Queue', look: 'max-xl:hidden' },
  { head: 'Prio', look: 'text-right max-xl:hidden' },
  { head: 'Attempts', look: 'text-right' },
  { head: 'Run time', look: 'text-right max-xl:hidden' },
  { head: 'Created', look: 'text-right' },
];

interface JobTableProps {
  jobs: Job[];
  /** Rows whose job left the list. */
  gone: ReadonlySet<string>;
  people: People;
  selection: Selection;
  selectable: boolean;
  label: string;
}

function Head({ jobs, gone, selection, selectable, owned }: JobTableProps & { owned: boolean }) {
  const ids = jobs.map((job) => job._id).filter((id) => !gone.has(id));
  const all = ids.length > 0 && ids.every((id) => selection.ids.has(id));
  return (
    <div role="row" aria-rowindex={1} className={`sticky top-14 z-10 grid h-9 items-center gap-x-3 border-t border-line bg-sunken px-4 text-xs font-medium text-ink-3 max-md:hidden ${columnsWith(owned)}`}>
      <div role="columnheader">
        <input type="checkbox" aria-label="Select all on this page" checked={all} disabled={!selectable} onChange={() => { selection.toggleAll(ids); }} />
      </div>
      {(owned ? heads.toSpliced(4, 0, owner) : heads).map(({ head, look }) => <div key={head} role="columnheader" className={look}>{head}</div>)}
    </div>
  );
}

/** The rows in view, and `row`, which has the focus or is about to. */
function withRow(range: Range, row: number): number[] {
  const shown = defaultRangeExtractor(range);
  return row < 0 || shown.includes(row) ? shown : [...shown, row].sort((a, b) => a - b);
}

/** Only the rows in view are in the document, however long the page is. */
export function JobTable(props: JobTableProps) {
  const { jobs, gone, selection, selectable, label } = props;
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const wide = useMedia('(min-width: 48rem)');
  useEffect(() => {
    const measure = (): void => { setMargin((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY); };
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => { observer.disconnect(); };
  }, []);
  const ids = useMemo(() => jobs.map((job) => job._id), [jobs]);
  const walked = ids.indexOf(useRowKeys({ ids, list: body, selectable: ids.filter((id) => selectable && !gone.has(id)), onToggle: selection.toggle }) ?? '');
  const rows = useWindowVirtualizer({
    count: jobs.length,
    rangeExtractor: (range) => withRow(range, walked),
    estimateSize: () => (wide ? ROW.wide : ROW.narrow),
    getItemKey: (index) => jobs[index]?._id ?? index,
    overscan: 10,
    scrollMargin: margin,
  });
  useEffect(() => { rows.measure(); }, [rows, wide]);
  const owned = useOthers(props.people);
  return (
    <div role="table" aria-label={label} aria-rowcount={jobs.length + 1} data-testid="job-table">
      <Head {...props} owned={owned} />
      <div ref={body} role="rowgroup" className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const job = jobs[item.index];
          return job ? (
            <div key={item.key} role="presentation" className="absolute inset-x-0 top-0" style={{ height: item.size, transform: `translateY(${String(item.start - margin)}px)` }}>
              <JobRow job={job} owner={owned ? ownerOf(job, props.people) : null} index={item.index} gone={gone.has(job._id)} selected={selection.ids.has(job._id) && !gone.has(job._id)} selectable={selectable && !gone.has(job._id)} writable={selectable} onToggle={selection.toggle} />
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}
