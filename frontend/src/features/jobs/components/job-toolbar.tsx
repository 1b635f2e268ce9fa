import { FilterX } from 'lucide-react';

import { Button } from '@/components/button';
import { FilterChip } from '@/components/filter-chip';
import { ExportJobs } from '@/features/operations/components/export-jobs';
import { ReplayAll } from '@/features/operations/components/replay-all';
import { useQueues } from '@/features/queues/api/list-queues';
import { Views } from '@/features/views/components/views';

import { useTasks } from '../api/list-tasks';
import { criteria, hasCriteria, listQuery, maySortByEnd, type JobFilter } from '../filter';
import { Filters } from './filters';
import { PeoplePicks, type People } from './people-picks';
import { PayloadPick } from './payload-pick';
import { PeriodPick } from './period-pick';
import { NamePick } from './pick';
import { SearchBox } from './search-box';
import { SortPick } from './sort-pick';
import { StatusPicks } from './status-picks';

interface ToolbarProps {
  filter: JobFilter;
  people: People | undefined;
  onChange: (change: Partial<JobFilter>) => void;
  onClear: () => void;
}

function Chips({ filter, onChange }: Pick<ToolbarProps, 'filter' | 'onChange'>) {
  if (!filter.tag && !filter.trace && !filter.batch) return null;
  return (
    <div className="flex min-w-0 basis-full flex-wrap gap-2">
      {filter.tag ? <FilterChip name="Tag" value={filter.tag} onRemove={() => { onChange({ tag: '' }); }} /> : null}
      {filter.batch ? <FilterChip name="Batch" value={filter.batch} onRemove={() => { onChange({ batch: '' }); }} /> : null}
      {filter.trace ? <FilterChip name="Trace" value={filter.trace} onRemove={() => { onChange({ trace: '' }); }} /> : null}
    </div>
  );
}

/** What can be done with all that the list shows, on all pages. */
function WholeList({ filter }: Pick<ToolbarProps, 'filter'>) {
  return (
    <>
      <ExportJobs request={{ criteria: criteria(filter), sort: listQuery(filter).sort }} />
      {hasCriteria(filter) ? <ReplayAll filter={criteria(filter)} label="Replay" /> : null}
    </>
  );
}

export function JobToolbar({ filter, people, onChange, onClear }: ToolbarProps) {
  const tasks = useTasks().data?.map(({ name }) => name) ?? [];
  const queues = useQueues().data?.map(({ name }) => name) ?? [];
  const picked = [filter.task, filter.queue, filter.owner, filter.tenant, filter.payload, filter.from || filter.to].filter(Boolean).length;
  return (
    <div role="search" aria-label="Jobs" className="flex flex-wrap items-center gap-2 p-3">
      <SearchBox value={filter.q} placeholder="Search name, task, tag or id" onChange={(q) => { onChange({ q }); }} />
      <Filters picked={picked}>
        <NamePick label="Any task" value={filter.task} names={tasks} onChange={(task) => { onChange({ task }); }} />
        <NamePick label="Any queue" value={filter.queue} names={[...new Set(queues)]} onChange={(queue) => { onChange({ queue }); }} />
        <PeoplePicks scope={filter.scope} owner={filter.owner} tenant={filter.tenant} people={people} onChange={onChange} />
        <PayloadPick value={filter.payload} of={{ jobs: criteria(filter) }} onChange={(payload) => { onChange({ payload }); }} />
        <PeriodPick label="Created any time" from={filter.from} to={filter.to} onChange={onChange} />
        <SortPick value={filter.sort} byEnd={maySortByEnd(filter)} onChange={(sort) => { onChange({ sort }); }} />
      </Filters>
      {hasCriteria(filter) ? <Button kind="ghost" icon={<FilterX />} onClick={onClear}>Clear</Button> : null}
      {filter.payload ? null : <WholeList filter={filter} />}
      <Views page="jobs" />
      <StatusPicks value={filter.status} onChange={(status) => { onChange({ status }); }} />
      <Chips filter={filter} onChange={onChange} />
    </div>
  );
}
