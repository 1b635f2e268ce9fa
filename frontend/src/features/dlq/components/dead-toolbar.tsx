import { Columns2, FilterX } from 'lucide-react';
import { useState } from 'react';

import { Button } from '@/components/button';
import { FilterChip } from '@/components/filter-chip';
import { useTasks } from '@/features/jobs/api/list-tasks';
import { Filters } from '@/features/jobs/components/filters';
import { PayloadPick } from '@/features/jobs/components/payload-pick';
import { PeoplePicks, type People } from '@/features/jobs/components/people-picks';
import { PeriodPick } from '@/features/jobs/components/period-pick';
import { NamePick } from '@/features/jobs/components/pick';
import { SearchBox } from '@/features/jobs/components/search-box';
import { SortPick } from '@/features/jobs/components/sort-pick';
import { useQueues } from '@/features/queues/api/list-queues';
import { Views } from '@/features/views/components/views';

import { cleared, deadQuery, hasConditions, maySortByEnd, sortOf, type DeadFilter } from '../filter';
import { CompareDialog } from './compare-dialog';

interface DeadToolbarProps {
  filter: DeadFilter;
  /** Name of the open group. */
  groupName?: string | undefined;
  people: People | undefined;
  tags: string[];
  onChange: (change: Partial<DeadFilter>) => void;
}

function pickedIn({ task, queue, tag, payload, owner, tenant, from, to }: DeadFilter): number {
  return [task, queue, tag, payload, owner, tenant, from || to].filter(Boolean).length;
}

function CompareButton({ filter }: { filter: DeadFilter }) {
  const [open, setOpen] = useState(false);
  if (filter.payload) return null;
  return (
    <>
      <Button icon={<Columns2 />} onClick={() => { setOpen(true); }}>Compare payloads</Button>
      {open ? <CompareDialog filter={filter} onClose={() => { setOpen(false); }} /> : null}
    </>
  );
}

export function DeadToolbar({ filter, groupName, people, tags, onChange }: DeadToolbarProps) {
  const tasks = useTasks().data?.map(({ name }) => name) ?? [];
  const queues = useQueues().data?.map(({ name }) => name) ?? [];
  return (
    <div role="search" aria-label="Failed jobs" className="flex flex-wrap items-center gap-2 p-3">
      <SearchBox value={filter.q} placeholder="Search error, name, task, tag or id" onChange={(q) => { onChange({ q }); }} />
      <Filters picked={pickedIn(filter)}>
        <NamePick label="Any task" value={filter.task} names={tasks} onChange={(task) => { onChange({ task }); }} />
        <NamePick label="Any queue" value={filter.queue} names={[...new Set(queues)]} onChange={(queue) => { onChange({ queue }); }} />
        {tags.length > 0 || filter.tag ? <NamePick label="Any tag" value={filter.tag} names={tags} onChange={(tag) => { onChange({ tag }); }} /> : null}
        <PayloadPick value={filter.payload} of={{ dead: deadQuery(filter) }} onChange={(payload) => { onChange({ payload }); }} />
        <PeoplePicks scope={filter.scope} owner={filter.owner} tenant={filter.tenant} people={people} onChange={onChange} />
        <PeriodPick label="Failed any time" from={filter.from} to={filter.to} onChange={onChange} />
        <SortPick value={sortOf(filter)} byEnd={maySortByEnd(filter)} ended="Failed" onChange={(sort) => { onChange({ sort }); }} />
      </Filters>
      <Views page="dlq" />
      <CompareButton filter={filter} />
      {hasConditions(filter) ? <Button kind="ghost" icon={<FilterX />} onClick={() => { onChange(cleared); }}>Clear</Button> : null}
      {filter.group ? <div className="min-w-0 basis-full"><FilterChip name="Error" value={groupName ?? filter.group} onRemove={() => { onChange({ group: '' }); }} /></div> : null}
    </div>
  );
}
