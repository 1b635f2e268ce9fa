import { RotateCw, Trash2 } from 'lucide-react';

import { Button } from '@/components/button';
import { ReplayAll } from '@/features/operations/components/replay-all';
import type { Selection } from '@/features/jobs/use-selection';
import { plural } from '@/lib/format';

import type { DeadAction } from '../api/act-on-dead';
import { deadQuery, wholeOf, type DeadFilter, type DeadTarget } from '../filter';

interface SelectBarProps {
  /** Rows that can be selected, and those of them that are. */
  ids: string[];
  selected: string[];
  selection: Selection;
  filter: DeadFilter;
  onAct: (action: DeadAction, target: DeadTarget) => void;
}

/** Actions on the selected jobs or, without a selection, on all jobs of the list, on all pages. */
export function SelectBar({ ids, selected, selection, filter, onAct }: SelectBarProps) {
  const some = selected.length > 0;
  const target: DeadTarget = some ? { ids: selected } : { filter: deadQuery(filter) };
  // Actions by filter do not look into payloads.
  const able = some || filter.payload === '';
  const whom = some ? 'selected' : wholeOf(filter);
  return (
    <div className="sticky top-14 z-10 flex min-h-12 flex-wrap items-center gap-x-3 gap-y-2 border-t border-line bg-sunken px-4 py-2">
      <label className="flex min-h-8 items-center gap-3">
        <input type="checkbox" checked={some && ids.every((id) => selection.ids.has(id))} onChange={() => { selection.toggleAll(ids); }} />
        {some ? `${plural(selected.length, 'job')} selected` : 'Select all on this page'}
      </label>
      <span className="flex flex-wrap gap-2 sm:ml-auto">
        {able ? <><Button size="sm" kind={some ? 'primary' : 'secondary'} icon={<RotateCw />} onClick={() => { onAct('redrive', target); }}>Redrive {whom}</Button>
        <Button size="sm" icon={<Trash2 />} onClick={() => { onAct('delete', target); }}>Delete {whom}</Button></> : null}
        {able && !some ? <ReplayAll size="sm" filter={{ ...deadQuery(filter), status: ['dlq'] }} label={`Replay ${whom}`} /> : null}
      </span>
    </div>
  );
}
