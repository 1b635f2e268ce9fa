import { CircleCheck, SearchX } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';

import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { ownerOf, useOthers } from '@/features/jobs/components/owner';
import { Pager } from '@/features/jobs/components/pager';
import { WaitingJobs } from '@/features/jobs/components/waiting-jobs';
import type { JobPage } from '@/features/jobs/live-page';
import { useRowKeys } from '@/features/jobs/use-row-keys';
import { useSelection } from '@/features/jobs/use-selection';
import { useSteadyPage } from '@/features/jobs/use-steady-page';
import { mayChange, useCaller } from '@/features/session/use-caller';

import type { DeadAction } from '../api/act-on-dead';
import { useDead, useDeadTotal } from '../api/list-dead';
import { hasConditions, type DeadFilter, type DeadTarget } from '../filter';
import { ConfirmDead } from './confirm-dead';
import { DeadRow } from './dead-row';
import { DeadToolbar } from './dead-toolbar';
import { RedriveDialog } from './redrive-dialog';
import { SelectBar } from './select-bar';

interface DeadListProps {
  filter: DeadFilter;
  /** Name of the open group. */
  groupName?: string | undefined;
  onChange: (change: Partial<DeadFilter>) => void;
}

interface Asked {
  action: DeadAction;
  target: DeadTarget;
}

function NoDead({ filter }: { filter: DeadFilter }) {
  if (hasConditions(filter)) return <EmptyState icon={SearchX} title="No failed jobs match">Try other words, another error or a longer period.</EmptyState>;
  return <EmptyState icon={CircleCheck} title="No failed jobs">A job that fails on its last attempt is kept here until you redrive or delete it.</EmptyState>;
}

function Rows({ page: read, old, filter, onChange }: DeadListProps & { page: JobPage; old: boolean }) {
  const list = JSON.stringify(filter);
  const rows = useRef<HTMLDivElement>(null);
  const selection = useSelection(list);
  const writable = mayChange(useCaller().role);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [editing, setEditing] = useState<string | null>(null);
  const { page, gone, waiting, show } = useSteadyPage({ page: read, list: old ? null : list, selecting: selection.size > 0, belongs: (job) => job.status === 'dlq', rows });
  const others = useOthers(page);
  const total = useDeadTotal(filter).data;
  const shown = useMemo(() => page.jobs.map((job) => job._id), [page.jobs]);
  const ids = shown.filter((id) => writable && !gone.has(id));
  useRowKeys({ ids: shown, list: rows, selectable: ids, onToggle: selection.toggle });
  const selected = ids.filter((id) => selection.ids.has(id));
  if (selection.size > 0 && selected.length === 0) selection.clear();
  return (
    <div ref={rows}>
      <WaitingJobs waiting={waiting} onShow={show} />
      {page.jobs.length === 0 ? <NoDead filter={filter} /> : (
        <>
          {writable ? <SelectBar ids={ids} selected={selected} selection={selection} filter={filter} onAct={(action, target) => { setAsked({ action, target }); }} /> : null}
          <ul aria-label="Failed jobs">
            {page.jobs.map((job, index) => (
              <DeadRow key={job._id} job={job} index={index} owner={others ? ownerOf(job, page) : null} gone={gone.has(job._id)} writable={writable} selected={selected.includes(job._id)} onToggle={() => { selection.toggle(job._id); }} onEdit={() => { setEditing(job._id); }} onRedrive={() => { setAsked({ action: 'redrive', target: { ids: [job._id] } }); }} />
            ))}
          </ul>
        </>
      )}
      {page.jobs.length > 0 || filter.cursor ? <Pager page={page} cursor={filter.cursor} total={total} onCursor={(cursor) => { onChange({ cursor }); }} /> : null}
      {asked ? <ConfirmDead {...asked} onClose={() => { setAsked(null); }} onDone={selection.clear} /> : null}
      {editing ? <RedriveDialog id={editing} onClose={() => { setEditing(null); }} /> : null}
    </div>
  );
}

export function DeadList(props: DeadListProps) {
  const dead = useDead(props.filter);
  const tags = [...new Set(dead.data?.jobs.flatMap((job) => job.tags))].sort();
  return (
    <section aria-label="Failed jobs" className="card min-w-0">
      <DeadToolbar {...props} people={dead.data} tags={tags} />
      {dead.isError && dead.data ? <div className="px-4 pb-3"><StaleBadge query={dead} /></div> : null}
      <QueryView query={dead} skeleton={<SkeletonRows />}>{(page) => <Rows {...props} page={page} old={dead.isPlaceholderData} />}</QueryView>
    </section>
  );
}
