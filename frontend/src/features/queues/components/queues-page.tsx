import { Layers } from 'lucide-react';

import { Page, Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { useCaller } from '@/features/session/use-caller';
import type { Queue } from '@/types';

import { useQueues } from '../api/list-queues';
import { useBusyTenants } from '../api/list-tenants';
import { useWorkers } from '../api/list-workers';
import { byAttention } from '../attention';
import { QueueCard } from './queue-card';
import { WorkerList } from './worker-list';

/** Workspaces whose queues are shown at once. */
const SHOWN = 12;

/** The queues of another workspace, for an operator. */
function TenantQueues({ tenant, name }: { tenant: string; name: string }) {
  const queues = useQueues(tenant);
  return (
    <section aria-label={`Queues of ${name}`} className="flex flex-col gap-3">
      <h2 className="flex items-center gap-3 text-[0.9375rem] font-semibold break-words">{name}<StaleBadge query={queues} /></h2>
      <QueryView query={queues} skeleton={<div className="card skeleton h-40" />}>{(list) => <Queues queues={list} tenant={tenant} />}</QueryView>
    </section>
  );
}

/** Every other workspace with open jobs; its queues are its own. */
function OtherTenants() {
  const me = useCaller();
  const tenants = useBusyTenants(me.role === 'operator').data ?? {};
  const others = Object.entries(tenants).filter(([id]) => id !== me.tenantId).sort(([, a], [, b]) => a.localeCompare(b));
  return (
    <>
      {others.slice(0, SHOWN).map(([id, name]) => <TenantQueues key={id} tenant={id} name={name} />)}
      {others.length > SHOWN ? <p className="text-ink-2">{others.length - SHOWN} more workspaces have jobs. Filter jobs by workspace to see them.</p> : null}
    </>
  );
}

function Queues({ queues, tenant }: { queues: Queue[]; tenant?: string }) {
  if (queues.length === 0) return <div className="card"><EmptyState icon={Layers} title="No queues yet">A queue is created with the first job that names it.</EmptyState></div>;
  return <ul className="grid grid-cols-[minmax(0,1fr)] gap-4 sm:grid-cols-2">{byAttention(queues).map((queue) => <QueueCard key={queue.name} queue={queue} tenant={tenant} />)}</ul>;
}

export function Component() {
  const queues = useQueues();
  const workers = useWorkers();
  return (
    <Page title="Queues" aside={<StaleBadge query={queues} />}>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <QueryView query={queues} skeleton={<div className="grid gap-4 sm:grid-cols-2"><div className="card skeleton h-40" /><div className="card skeleton h-40" /></div>}>
            {(list) => <Queues queues={list} />}
          </QueryView>
          <OtherTenants />
        </div>
        <Section title="Workers" aside={<StaleBadge query={workers} />}>
          <QueryView query={workers} skeleton={<SkeletonRows rows={2} />}>{(list) => <WorkerList workers={list} />}</QueryView>
        </Section>
      </div>
    </Page>
  );
}
