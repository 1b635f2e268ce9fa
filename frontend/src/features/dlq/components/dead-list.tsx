import { CircleCheck, SearchX } from 'lucide-react';
import { useMemo, useRef, useState, type ComponentProps } from 'react';

import { Button } from '@/components/button';
import { Overlay } from '@/components/loadable';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { ownerOf, useOthers } from '@/features/jobs/components/owner';
import { Looked } from '@/features/jobs/components/looked';
import { Pager } from '@/features/jobs/components/pager';
import { WaitingJobs } from '@/features/jobs/components/waiting-jobs';
import type { JobPage } from '@/features/jobs/live-page';
import { useRowKeys } from '@/features/jobs/use-row-keys';
import { useSelection } from '@/features/jobs/use-selection';
import { useSteadyPage } from '@/features/jobs/use-steady-page';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { RetryNodeDialog } from '@/features/workflows/components/retry-node';
import type { Job } from '@/types';

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

/** What a dialog is open for. */
type Asked = { action: DeadAction; target: DeadTarget } | { edit: string } | { retry: ComponentProps<typeof RetryNodeDialog>['job'] };

function Asking({ asked, onClose, onDone }: { asked: Asked; onClose: () => void; onDone: () => void }) {
  if ('edit' in asked) return <RedriveDialog id={asked.edit} onClose={onClose} />;
  if ('retry' in asked) return <Overlay onClose={onClose}><RetryNodeDialog job={asked.retry} onClose={onClose} /></Overlay>;
  return <ConfirmDead {...asked} onClose={onClose} onDone={onDone} />;
}

/** A node runs again with its workflow only. */
const redriveOf = (job: Job): Asked => (job.workflow ? { retry: { ...job, workflow: job.workflow } } : { action: 'redrive', target: { ids: [job._id] } });

function NoDead({ filter, nextCursor, onChange }: Pick<DeadListProps, 'filter' | 'onChange'> & Pick<JobPage, 'nextCursor'>) {
  if (filter.payload && nextCursor !== null) return <EmptyState icon={SearchX} title="None found so far" action={<Button onClick={() => { onChange({ cursor: nextCursor }); }}>Look further</Button>}>There are older failed jobs, into whose payloads nobody looked yet.</EmptyState>;
  if (hasConditions(filter)) return <EmptyState icon={SearchX} title="No failed jobs match">Try other words, another error or a longer period.</EmptyState>;
  return <EmptyState icon={CircleCheck} title="No failed jobs">A job that fails on its last attempt is kept here until you redrive or delete it.</EmptyState>;
}

function Rows({ page: read, old, filter, onChange }: DeadListProps & { page: JobPage; old: boolean }) {
  const list = JSON.stringify(filter);
  const rows = useRef<HTMLDivElement>(null);
  const selection = useSelection(list);
  const writable = mayChange(useCaller().role);
  const [asked, setAsked] = useState<Asked | null>(null);
  const { page, gone, waiting, show } = useSteadyPage({ page: read, list: old ? null : list, selecting: selection.size > 0, belongs: (job) => job.status === 'dlq', rows });
  const others = useOthers(page);
  const counted = useDeadTotal(filter).data;
  const total = filter.payload ? null : counted;
  const shown = useMemo(() => page.jobs.map((job) => job._id), [page.jobs]);
  const ids = shown.filter((id) => writable && !gone.has(id));
  useRowKeys({ ids: shown, list: rows, selectable: ids, onToggle: selection.toggle });
  const selected = ids.filter((id) => selection.ids.has(id));
  if (selection.size > 0 && selected.length === 0) selection.clear();
  return (
    <div ref={rows}>
      <WaitingJobs waiting={waiting} onShow={show} />
      <Looked page={page} />
      {page.jobs.length === 0 ? <NoDead filter={filter} nextCursor={page.nextCursor} onChange={onChange} /> : (
        <>
          {writable ? <SelectBar ids={ids} selected={selected} selection={selection} filter={filter} onAct={(action, target) => { setAsked({ action, target }); }} /> : null}
          <ul aria-label="Failed jobs">
            {page.jobs.map((job, index) => (
              <DeadRow key={job._id} job={job} index={index} owner={others ? ownerOf(job, page) : null} comments={page.comments?.[job._id] ?? 0} gone={gone.has(job._id)} writable={writable} selected={selected.includes(job._id)} onToggle={() => { selection.toggle(job._id); }} onEdit={() => { setAsked({ edit: job._id }); }} onRedrive={() => { setAsked(redriveOf(job)); }} />
            ))}
          </ul>
        </>
      )}
      {page.jobs.length > 0 || filter.cursor ? <Pager page={page} cursor={filter.cursor} total={total} onCursor={(cursor) => { onChange({ cursor }); }} /> : null}
      {asked ? <Asking asked={asked} onClose={() => { setAsked(null); }} onDone={selection.clear} /> : null}
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
