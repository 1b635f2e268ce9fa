import { ChevronRight, SearchX } from 'lucide-react';
import { useId, useState } from 'react';

import { Button } from '@/components/button';
import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { SearchBox } from '@/features/jobs/components/search-box';
import { useCaller } from '@/features/session/use-caller';
import { count, plural } from '@/lib/format';
import { cx } from '@/lib/cx';
import type { Tenant } from '@/types';

import { useQueues } from '../api/list-queues';
import { MOST_TENANTS, useTenants } from '../api/list-tenants';
import { PauseAll } from './pause-all';
import { QueueGrid, QueueGridSkeleton } from './queue-grid';

const STEP = 20;

function Queues({ tenant }: { tenant: Tenant }) {
  const queues = useQueues(tenant.id);
  return (
    <section aria-label={`Queues of ${tenant.name}`} className="flex flex-col gap-3 bg-sunken p-4">
      <div className="flex items-center gap-2"><StaleBadge query={queues} /><PauseAll tenant={tenant.id} /></div>
      <QueryView query={queues} skeleton={<QueueGridSkeleton />}>{(list) => <QueueGrid queues={list} tenant={tenant.id} />}</QueryView>
    </section>
  );
}

function Workspace({ tenant }: { tenant: Tenant }) {
  const [open, setOpen] = useState(false);
  const own = useCaller().tenantId === tenant.id;
  const id = useId();
  const numbers = [['queued', tenant.pending], ['running', tenant.running], ['failed', tenant.failed]] as const;
  return (
    <li className="border-t border-line">
      <button type="button" aria-expanded={open} aria-controls={id} onClick={() => { setOpen(!open); }} className="flex min-h-12 w-full flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2 text-left hover:bg-hover">
        <ChevronRight aria-hidden className={cx('size-4 shrink-0 text-ink-3 transition-transform', open && 'rotate-90')} />
        <span className="min-w-0 flex-1 truncate font-medium">{tenant.name}{own ? <span className="ml-2 text-xs font-normal text-ink-3">yours</span> : null}</span>
        <span className="num flex gap-4 text-[0.8125rem] text-ink-2 max-sm:basis-full max-sm:pl-7">
          {numbers.map(([label, n]) => <span key={label}><b className="font-semibold text-ink">{count(n)}</b> {label}</span>)}
        </span>
      </button>
      <div id={id}>{open ? <Queues tenant={tenant} /> : null}</div>
    </li>
  );
}

interface Found {
  tenants: Tenant[];
  total: number;
  totalIsExact: boolean;
}

function Rows({ tenants, total, totalIsExact, onMore }: Found & { onMore: (() => void) | null }) {
  if (tenants.length === 0) return <EmptyState icon={SearchX} title="No workspace matches">Try another part of its name, or its id.</EmptyState>;
  // The busiest are listed, but by name: numbers change all the time, and rows should not.
  const byName = tenants.toSorted((a, b) => a.name.localeCompare(b.name));
  return (
    <>
      <ul>{byName.map((tenant) => <Workspace key={tenant.id} tenant={tenant} />)}</ul>
      <footer className="num flex min-h-12 flex-wrap items-center gap-3 border-t border-line px-4 py-2 text-ink-2">
        <span>{tenants.length < total || !totalIsExact ? `The busiest ${count(tenants.length)} of ${totalIsExact ? '' : 'more than '}${plural(total, 'workspace')}` : plural(total, 'workspace')}</span>
        {tenants.length === total || !onMore ? null : <Button size="sm" className="ml-auto" onClick={onMore}>Show more</Button>}
        {tenants.length < total && !onMore ? <span>Search to find the others.</span> : null}
      </footer>
    </>
  );
}

/** Every workspace and its queues, for operators: the busiest first, the others by search. */
export function WorkspaceList() {
  const [q, setQ] = useState('');
  const [limit, setLimit] = useState(STEP);
  const tenants = useTenants({ q, limit });
  const more = limit < MOST_TENANTS ? () => { setLimit(Math.min(limit + 2 * STEP, MOST_TENANTS)); } : null;
  return (
    <Section title="Workspaces" aside={<StaleBadge query={tenants} />}>
      <div role="search" aria-label="Workspaces" className="flex px-4 pt-1 pb-3"><SearchBox name="Search workspaces" value={q} placeholder="Search name or id" onChange={(text) => { setQ(text); setLimit(STEP); }} /></div>
      <QueryView query={tenants} skeleton={<SkeletonRows rows={4} />}>{(found) => <Rows {...found} onMore={more} />}</QueryView>
    </Section>
  );
}
