import { Pick } from '@/features/jobs/components/pick';
import { PeoplePicks, type People } from '@/features/jobs/components/people-picks';
import type { ListFilter } from '@/features/session/use-list-filter';
import { groupStatus, statusLabel, type GroupState } from '@/lib/status';

interface GroupToolbarProps {
  label: string;
  filter: ListFilter;
  /** Of the page that is shown. */
  people: People | undefined;
  onChange: (change: Partial<ListFilter>) => void;
}

const states = ['running', 'completed', 'failed', 'cancelled'] as const satisfies GroupState[];

/** Filters of a list of batches or workflows. */
export function GroupToolbar({ label, filter: { scope, status, owner, tenant }, people, onChange }: GroupToolbarProps) {
  return (
    <div role="search" aria-label={label} className="flex flex-wrap items-center gap-2 p-3">
      <Pick label="Any status" value={status} onChange={(chosen) => { onChange({ status: chosen }); }}>
        {states.map((state) => <option key={state} value={state}>{statusLabel[groupStatus[state]]}</option>)}
      </Pick>
      <PeoplePicks scope={scope} owner={owner} tenant={tenant} people={people} onChange={onChange} />
    </div>
  );
}
