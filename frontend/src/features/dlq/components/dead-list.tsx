import { RotateCw, SearchX } from 'lucide-react';
import { useState } from 'react';

import { Button } from '@/components/button';
import { FilterChip } from '@/components/filter-chip';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { SearchBox } from '@/features/jobs/components/search-box';
import type { JobPage } from '@/features/jobs/live-page';
import { useSelection, type Selection } from '@/features/jobs/use-selection';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { plural } from '@/lib/format';

import { useDead } from '../api/list-dead';
import { deadQuery, redriveLabel, type DeadFilter, type RedriveTarget } from '../filter';
import { ConfirmRedrive } from './confirm-redrive';
import { DeadRow } from './dead-row';
import { RedriveDialog } from './redrive-dialog';

interface DeadListProps {
  filter: DeadFilter;
  /** What the open group is called. */
  groupName?: string | undefined;
  onChange: (change: Partial<DeadFilter>) => void;
}

interface SelectBarProps {
  ids: string[];
  selection: Selection;
  filter: DeadFilter;
  onRedrive: (target: RedriveTarget) => void;
}

function SelectBar({ ids, selection, filter, onRedrive }: SelectBarProps) {
  const some = selection.size > 0;
  return (
    <div className="flex min-h-12 flex-wrap items-center gap-3 border-t border-line bg-sunken px-4 py-1.5">
      <label className="flex items-center gap-3">
        <input type="checkbox" checked={ids.every((id) => selection.ids.has(id))} onChange={() => { selection.toggleAll(ids); }} />
        {some ? `${plural(selection.size, 'job')} selected` : 'Select all on this page'}
      </label>
      <Button size="sm" kind={some ? 'primary' : 'secondary'} icon={<RotateCw />} className="ml-auto" onClick={() => { onRedrive(some ? { ids: [...selection.ids] } : { filter: deadQuery(filter) }); }}>
        {some ? 'Redrive selected' : redriveLabel(filter)}
      </Button>
    </div>
  );
}

function DeadPages({ cursor, nextCursor, onChange }: { cursor: string; nextCursor: string | null; onChange: DeadListProps['onChange'] }) {
  if (!cursor && !nextCursor) return null;
  return (
    <nav aria-label="Pages" className="flex justify-end gap-2 border-t border-line px-4 py-2.5">
      <Button disabled={!cursor} onClick={() => { onChange({ cursor: '' }); }}>First</Button>
      <Button disabled={nextCursor === null} onClick={() => { onChange({ cursor: nextCursor ?? '' }); }}>Next</Button>
    </nav>
  );
}

function Rows({ page, filter, onChange }: DeadListProps & { page: JobPage }) {
  const selection = useSelection(JSON.stringify(filter));
  const writable = mayChange(useCaller().role);
  const [target, setTarget] = useState<RedriveTarget | null>(null);
  const [editing, setEditing] = useState<string | null>(null);
  const ids = page.jobs.map((job) => job._id);
  if (ids.length === 0) return <EmptyState icon={SearchX} title="No dead job here">{filter.q || filter.group || filter.task ? 'Nothing matches.' : 'All is well.'}</EmptyState>;
  return (
    <>
      {writable ? <SelectBar ids={ids} selection={selection} filter={filter} onRedrive={setTarget} /> : null}
      <ul aria-label="Dead jobs">
        {page.jobs.map((job) => (
          <DeadRow key={job._id} job={job} writable={writable} selected={selection.ids.has(job._id)} onToggle={() => { selection.toggle(job._id); }} onEdit={() => { setEditing(job._id); }} onRedrive={() => { setTarget({ ids: [job._id] }); }} />
        ))}
      </ul>
      <DeadPages cursor={filter.cursor} nextCursor={page.nextCursor} onChange={onChange} />
      {target ? <ConfirmRedrive target={target} onClose={() => { setTarget(null); }} onDone={selection.clear} /> : null}
      {editing ? <RedriveDialog id={editing} onClose={() => { setEditing(null); }} /> : null}
    </>
  );
}

function Chips({ filter, groupName, onChange }: DeadListProps) {
  if (!filter.group && !filter.task) return null;
  return (
    <div className="flex min-w-0 basis-full flex-wrap gap-2">
      {filter.group ? <FilterChip name="Error" value={groupName ?? filter.group} onRemove={() => { onChange({ group: '' }); }} /> : null}
      {filter.task ? <FilterChip name="Task" value={filter.task} onRemove={() => { onChange({ task: '' }); }} /> : null}
    </div>
  );
}

export function DeadList(props: DeadListProps) {
  const dead = useDead(props.filter);
  return (
    <section aria-label="Dead jobs" className="card min-w-0">
      <div className="flex flex-wrap items-center gap-2 p-3">
        <SearchBox value={props.filter.q} placeholder="Search error, name, task, tag or id" onChange={(q) => { props.onChange({ q }); }} />
        <StaleBadge query={dead} />
        <Chips filter={props.filter} groupName={props.groupName} onChange={props.onChange} />
      </div>
      <QueryView query={dead} skeleton={<SkeletonRows />}>{(page) => <Rows {...props} page={page} />}</QueryView>
    </section>
  );
}
