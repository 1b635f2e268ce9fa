import { ArrowDownWideNarrow, ArrowUpNarrowWide, FilterX } from 'lucide-react';
import type { ReactNode } from 'react';

import { Button } from '@/components/button';
import { FilterChip } from '@/components/filter-chip';
import { useQueues } from '@/features/queues/api/list-queues';
import { statuses, statusLabel } from '@/lib/status';

import { useTasks } from '../api/list-tasks';
import { cardStatuses, hasCriteria, type JobFilter } from '../filter';
import { SearchBox } from './search-box';

interface ToolbarProps {
  filter: JobFilter;
  onChange: (change: Partial<JobFilter>) => void;
  onClear: () => void;
}

interface PickProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}

function Pick({ label, value, onChange, children }: PickProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => { onChange(event.target.value); }} className="field w-auto max-w-44 min-w-0 max-sm:max-w-none max-sm:flex-[1_1_40%]">
      <option value="">{label}</option>
      {children}
    </select>
  );
}

const waiting = cardStatuses.pending.join();

/** A value that is not among the known ones (a link, a queue that is gone) is still shown as chosen. */
function options(known: string[], chosen: string): string[] {
  return chosen && !known.includes(chosen) ? [chosen, ...known] : known;
}

const since: { label: string; ms: number }[] = [
  { label: 'Last hour', ms: 3_600_000 },
  { label: 'Last 24 hours', ms: 86_400_000 },
  { label: 'Last 7 days', ms: 604_800_000 },
];

function PeriodPick({ filter, onChange }: Omit<ToolbarProps, 'onClear'>) {
  const pick = (value: string): void => {
    onChange({ from: value && !value.includes('T') ? new Date(Date.now() - Number(value)).toISOString() : value, to: '' });
  };
  return (
    <Pick label="Any time" value={filter.from} onChange={pick}>
      {filter.from ? <option value={filter.from}>Since {new Date(filter.from).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}</option> : null}
      {since.map(({ label, ms }) => <option key={ms} value={ms}>{label}</option>)}
    </Pick>
  );
}

function Chips({ filter, onChange }: Omit<ToolbarProps, 'onClear'>) {
  if (!filter.tag && !filter.trace) return null;
  return (
    <div className="flex min-w-0 basis-full flex-wrap gap-2">
      {filter.tag ? <FilterChip name="Tag" value={filter.tag} onRemove={() => { onChange({ tag: '' }); }} /> : null}
      {filter.trace ? <FilterChip name="Trace" value={filter.trace} onRemove={() => { onChange({ trace: '' }); }} /> : null}
    </div>
  );
}

export function JobToolbar({ filter, onChange, onClear }: ToolbarProps) {
  const tasks = useTasks().data?.map(({ name }) => name) ?? [];
  const queues = useQueues().data?.map(({ name }) => name) ?? [];
  const newest = filter.sort === '-created';
  return (
    <div role="search" aria-label="Jobs" className="flex flex-wrap items-center gap-2 p-3">
      <SearchBox value={filter.q} onChange={(q) => { onChange({ q }); }} />
      <Pick label="Any status" value={filter.status.join()} onChange={(value) => { onChange({ status: value.split(',').filter(Boolean) as JobFilter['status'] }); }}>
        <option value={waiting}>Waiting</option>
        {statuses.map((status) => <option key={status} value={status}>{statusLabel[status]}</option>)}
      </Pick>
      <Pick label="Any task" value={filter.task} onChange={(task) => { onChange({ task }); }}>
        {options(tasks, filter.task).map((name) => <option key={name}>{name}</option>)}
      </Pick>
      <Pick label="Any queue" value={filter.queue} onChange={(queue) => { onChange({ queue }); }}>
        {options(queues, filter.queue).map((name) => <option key={name}>{name}</option>)}
      </Pick>
      <PeriodPick filter={filter} onChange={onChange} />
      <Button icon={newest ? <ArrowDownWideNarrow /> : <ArrowUpNarrowWide />} onClick={() => { onChange({ sort: newest ? 'created' : '-created' }); }} title="Turn the order round">
        {newest ? 'Newest' : 'Oldest'}
      </Button>
      {hasCriteria(filter) ? <Button kind="ghost" icon={<FilterX />} onClick={onClear}>Clear</Button> : null}
      <Chips filter={filter} onChange={onChange} />
    </div>
  );
}
