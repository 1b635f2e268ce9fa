import { Ban, RotateCw, Trash2, X } from 'lucide-react';
import { useState } from 'react';

import { Button, IconButton } from '@/components/button';
import { loadable, Overlay } from '@/components/loadable';
import { count, plural } from '@/lib/format';
import type { Job, Narrowing } from '@/types';

import { aimAtFilter, aimAtRows, type Action } from '../targets';
import type { Selection } from '../use-selection';

const ConfirmAction = loadable(() => import('./confirm-action'), (module) => module.ConfirmAction);

interface BulkBarProps {
  /** Of the rows of this page that belong to the list. */
  ids: string[];
  /** The selected rows that still belong to the list. */
  selected: Job[];
  selection: Selection;
  /** The filter of “everything that matches”. */
  criteria: Narrowing;
  /** There are more pages. */
  more: boolean;
}

const actions = [
  { action: 'retry', label: 'Retry', icon: <RotateCw /> },
  { action: 'cancel', label: 'Cancel', icon: <Ban /> },
  { action: 'delete', label: 'Delete', icon: <Trash2 /> },
] as const;

/** Actions on the selected rows; the API counts first how many jobs an action changes. */
export function BulkBar({ ids, selected, selection, criteria, more }: BulkBarProps) {
  const [action, setAction] = useState<Action | null>(null);
  if (selection.size === 0) return null;
  const aim = (what: Action) => (selection.everything ? aimAtFilter(what, criteria) : aimAtRows(what, selected));
  return (
    <div role="toolbar" aria-label="Selected jobs" className="sticky bottom-16 z-20 mx-3 my-3 flex flex-wrap items-center gap-2 rounded-xl border border-line-strong bg-surface px-3 py-2 shadow-pop md:bottom-4">
      <IconButton label="Clear the selection" onClick={selection.clear}><X /></IconButton>
      <span className="num font-medium">{selection.everything ? 'Everything that matches' : `${plural(selected.length, 'job')} selected`}</span>
      {/* Phones do not show the head of the table, which has this checkbox. */}
      {selected.length < ids.length && !selection.everything ? <Button size="sm" kind="ghost" className="md:hidden" onClick={() => { selection.toggleAll(ids); }}>Select all {count(ids.length)} here</Button> : null}
      {more && !selection.everything ? <Button size="sm" kind="ghost" onClick={selection.selectEverything}>Select everything that matches</Button> : null}
      <span className="ml-auto flex gap-2">
        {actions.map(({ action: name, label, icon }) => <Button key={name} size="sm" icon={icon} disabled={aim(name).target === null} onClick={() => { setAction(name); }}>{label}</Button>)}
      </span>
      {action ? <Overlay onClose={() => { setAction(null); }}><ConfirmAction action={action} aim={aim(action)} onClose={() => { setAction(null); }} onDone={selection.clear} /></Overlay> : null}
    </div>
  );
}
