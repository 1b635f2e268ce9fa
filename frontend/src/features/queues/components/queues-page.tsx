import { Layers } from 'lucide-react';

import { Page, Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import type { Queue } from '@/types';

import { useQueues } from '../api/list-queues';
import { useWorkers } from '../api/list-workers';
import { QueueCard } from './queue-card';
import { WorkerList } from './worker-list';

function Queues({ queues }: { queues: Queue[] }) {
  if (queues.length === 0) return <div className="card"><EmptyState icon={Layers} title="No queues yet">A queue exists as soon as a job names it.</EmptyState></div>;
  return <ul className="grid gap-4 sm:grid-cols-2">{queues.map((queue) => <QueueCard key={queue.name} queue={queue} />)}</ul>;
}

export function Component() {
  const queues = useQueues();
  const workers = useWorkers();
  return (
    <Page title="Queues" aside={<StaleBadge query={queues} />}>
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <QueryView query={queues} skeleton={<div className="grid gap-4 sm:grid-cols-2"><div className="card skeleton h-40" /><div className="card skeleton h-40" /></div>}>
          {(list) => <Queues queues={list} />}
        </QueryView>
        <Section title="Workers" aside={<StaleBadge query={workers} />}>
          <QueryView query={workers} skeleton={<SkeletonRows rows={2} />}>{(list) => <WorkerList workers={list} />}</QueryView>
        </Section>
      </div>
    </Page>
  );
}
