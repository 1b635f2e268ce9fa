import { Page, Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { isAdmin, useCaller } from '@/features/session/use-caller';

import { useQueues } from '../api/list-queues';
import { useWorkers } from '../api/list-workers';
import { PauseAll, PausedBanner } from './pause-all';
import { PausedTasks, PauseTask } from './paused-tasks';
import { QueueGrid, QueueGridSkeleton } from './queue-grid';
import { WorkerList } from './worker-list';
import { WorkspaceList } from './workspace-list';

function OwnQueues() {
  const queues = useQueues();
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <StaleBadge query={queues} />
      <QueryView query={queues} skeleton={<QueueGridSkeleton />}>{(list) => <QueueGrid queues={list} />}</QueryView>
    </div>
  );
}

export function Component() {
  const { role, tenantId } = useCaller();
  const operator = role === 'operator';
  const workers = useWorkers();
  return (
    <Page title="Queues" actions={isAdmin(role) ? <><PauseTask /><PauseAll tenant={tenantId} everything={operator} /></> : null}>
      <PausedBanner tenant={tenantId} />
      <PausedTasks tenant={tenantId} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        {operator ? <WorkspaceList /> : <OwnQueues />}
        <Section title="Workers" aside={<StaleBadge query={workers} />}>
          <QueryView query={workers} skeleton={<SkeletonRows rows={2} />}>{(list) => <WorkerList workers={list} />}</QueryView>
        </Section>
      </div>
    </Page>
  );
}
