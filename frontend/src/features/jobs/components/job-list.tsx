import { ListPlus, SearchX } from 'lucide-react';
import { useEffect, useRef } from 'react';

import { Button } from '@/components/button';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { cx } from '@/lib/cx';

import { useJobs } from '../api/list-jobs';
import { criteria, hasCriteria, type JobFilter } from '../filter';
import type { JobPage } from '../live-page';
import { useSelection } from '../use-selection';
import { BulkBar } from './bulk-bar';
import { JobTable } from './job-table';
import { JobToolbar } from './job-toolbar';
import { Pager } from './pager';

interface JobListProps {
  filter: JobFilter;
  onChange: (change: Partial<JobFilter>) => void;
  onClear: () => void;
  /** Absent for those who may not. */
  onCreate?: (() => void) | undefined;
}

function NoJobs({ filter, onChange, onClear, onCreate }: JobListProps) {
  if (filter.cursor) return <EmptyState icon={SearchX} title="Nothing more here" action={<Button onClick={() => { onChange({ cursor: '' }); }}>To the first page</Button>} />;
  if (hasCriteria(filter)) return <EmptyState icon={SearchX} title="No job matches" action={<Button onClick={onClear}>Clear the filters</Button>}>Other words, another state or a longer period may help.</EmptyState>;
  return <EmptyState icon={ListPlus} title="No jobs yet" action={onCreate ? <Button kind="primary" onClick={onCreate}>New job</Button> : null}>Jobs show up here as they are sent to the API.</EmptyState>;
}

function Rows({ page, ...props }: JobListProps & { page: JobPage }) {
  const { filter, onChange } = props;
  const selection = useSelection(JSON.stringify(filter));
  const selectable = mayChange(useCaller().role);
  if (page.jobs.length === 0) return <NoJobs {...props} />;
  return (
    <>
      <JobTable jobs={page.jobs} selection={selection} selectable={selectable} label="Jobs" />
      <BulkBar jobs={page.jobs} selection={selection} criteria={criteria(filter)} more={page.nextCursor !== null || filter.cursor !== ''} />
      <Pager filter={filter} shown={page.jobs.length} nextCursor={page.nextCursor} onChange={onChange} />
    </>
  );
}

/** Another page of the list begins at its top. */
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
    <section ref={top} aria-label="Job list" className="card min-w-0 scroll-mt-16">
      <JobToolbar filter={props.filter} onChange={props.onChange} onClear={props.onClear} />
      {jobs.isError && jobs.data ? <div className="px-4 pb-3"><StaleBadge query={jobs} /></div> : null}
      <div aria-busy={jobs.isPlaceholderData} className={cx('transition-opacity', jobs.isPlaceholderData && 'opacity-60')}>
        <QueryView query={jobs} skeleton={<SkeletonRows rows={8} />}>{(page) => <Rows {...props} page={page} />}</QueryView>
      </div>
    </section>
  );
}
