import { ListPlus, SearchX } from 'lucide-react';
import { useEffect, useRef } from 'react';

import { Button } from '@/components/button';
import { loadable, Overlay } from '@/components/loadable';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { cx } from '@/lib/cx';

import { useJobs, useTotal } from '../api/list-jobs';
import { criteria, hasCriteria, matches, type JobFilter } from '../filter';
import type { JobPage } from '../live-page';
import { useSelection } from '../use-selection';
import { useSteadyPage } from '../use-steady-page';
import { JobTable } from './job-table';
import { JobToolbar } from './job-toolbar';
import { Looked } from './looked';
import { Pager } from './pager';
import { WaitingJobs } from './waiting-jobs';

/** Fetched with the first selection. */
const BulkBar = loadable(() => import('./bulk-bar'), (module) => module.BulkBar);

interface JobListProps {
  filter: JobFilter;
  onChange: (change: Partial<JobFilter>) => void;
  onClear: () => void;
  /** Absent for users who may not create jobs. */
  onCreate?: (() => void) | undefined;
}

function NoJobs({ filter, nextCursor, onChange, onClear, onCreate }: JobListProps & Pick<JobPage, 'nextCursor'>) {
  if (nextCursor !== null) return <EmptyState icon={SearchX} title="None found so far" action={<Button onClick={() => { onChange({ cursor: nextCursor }); }}>Look further</Button>}>There are older jobs, into whose payloads nobody looked yet.</EmptyState>;
  if (filter.cursor) return <EmptyState icon={SearchX} title="No more jobs" action={<Button onClick={() => { onChange({ cursor: '' }); }}>Go to the first page</Button>} />;
  if (hasCriteria(filter)) return <EmptyState icon={SearchX} title="No jobs match" action={<Button onClick={onClear}>Clear the filters</Button>}>Try other words, another status or a longer period.</EmptyState>;
  return <EmptyState icon={ListPlus} title="No jobs yet" action={onCreate ? <Button kind="primary" onClick={onCreate}>New job</Button> : null}>Jobs appear here as soon as they are created, in the dashboard or through the API.</EmptyState>;
}

function Rows({ page: read, old, ...props }: JobListProps & { page: JobPage; old: boolean }) {
  const { filter, onChange } = props;
  const list = JSON.stringify(filter);
  const rows = useRef<HTMLDivElement>(null);
  const selection = useSelection(list);
  const selectable = mayChange(useCaller().role);
  const { page, gone, waiting, show } = useSteadyPage({ page: read, list: old ? null : list, selecting: selection.size > 0, belongs: (job) => matches(filter, job), rows });
  const { jobs, nextCursor } = page;
  const counted = useTotal(filter).data;
  const total = filter.payload ? null : counted;
  const here = jobs.filter(({ _id }) => !gone.has(_id));
  const selected = here.filter(({ _id }) => selection.ids.has(_id));
  if (selection.size > 0 && selected.length === 0 && !selection.everything) selection.clear();
  return (
    <div ref={rows}>
      <WaitingJobs waiting={waiting} onShow={show} />
      <Looked page={page} />
      {jobs.length === 0 ? <NoJobs {...props} nextCursor={nextCursor} /> : (
        <>
          <JobTable jobs={jobs} people={page} gone={gone} selection={selection} selectable={selectable} label="Jobs" />
          {selection.size > 0 ? <Overlay onClose={selection.clear}><BulkBar ids={here.map(({ _id }) => _id)} selected={selected} selection={selection} criteria={criteria(filter)} more={filter.payload === '' && (nextCursor !== null || filter.cursor !== '')} /></Overlay> : null}
          <Pager page={page} cursor={filter.cursor} total={total} onCursor={(cursor) => { onChange({ cursor }); }} size={{ value: filter.limit, onChange: (limit) => { onChange({ limit }); } }} />
        </>
      )}
    </div>
  );
}

/** Scrolls to the top when the page of the list changes. */
function useTopOfList(cursor: string) {
  const ref = useRef<HTMLElement>(null);
  const shown = useRef(cursor);
  useEffect(() => {
    if (shown.current !== cursor) ref.current?.scrollIntoView({ block: 'start' });
    shown.current = cursor;
  }, [cursor]);
  return ref;
}

export function JobList(props: JobListProps) {
  const jobs = useJobs(props.filter);
  const top = useTopOfList(props.filter.cursor);
  return (
    <section ref={top} aria-label="Job list" className="card min-w-0">
      <JobToolbar filter={props.filter} people={jobs.data} onChange={props.onChange} onClear={props.onClear} />
      {jobs.isError && jobs.data ? <div className="px-4 pb-3"><StaleBadge query={jobs} /></div> : null}
      <div aria-busy={jobs.isPlaceholderData} className={cx('transition-opacity', jobs.isPlaceholderData && 'opacity-60')}>
        <QueryView query={jobs} skeleton={<SkeletonRows rows={8} />}>{(page) => <Rows {...props} page={page} old={jobs.isPlaceholderData} />}</QueryView>
      </div>
    </section>
  );
}
