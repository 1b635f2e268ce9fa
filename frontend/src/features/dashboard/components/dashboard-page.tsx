import { Plus } from 'lucide-react';
import { Suspense, useRef } from 'react';
import { useSearchParams } from 'react-router';

import { Button } from '@/components/button';
import { Boundary, loadable, Overlay } from '@/components/loadable';
import { Page } from '@/components/page';
import { JobList } from '@/features/jobs/components/job-list';
import { NewJobDialog } from '@/features/jobs/components/new-job';
import { ScopeSelect } from '@/features/jobs/components/scope-select';
import { useAttention } from '@/features/jobs/use-attention';
import { useJobFilter } from '@/features/jobs/use-job-filter';
import { useHearScope } from '@/features/live/use-hear-scope';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { currentParams } from '@/lib/current-params';

import { ActivitySkeleton } from './activity-skeleton';
import { HealthPanel } from './health-panel';
import { StatCards } from './stat-cards';
import { TroubleCard } from './trouble-card';

const ACTIVITY = 'Last hour';
const ActivityPanel = loadable(() => import('./activity-panel'), (module) => module.default);

/** The dialog is in the URL (`?new`, `?new=task`), so that the palette and links can open it. */
function useNewJob() {
  const [params, setParams] = useSearchParams();
  const set = (value: string | null): void => {
    const next = currentParams();
    if (value === null) next.delete('new');
    else next.set('new', value);
    setParams(next, { replace: true });
  };
  return { task: params.get('new'), open: () => { set(''); }, close: () => { set(null); } };
}

export function Component() {
  const { filter, change, clear } = useJobFilter();
  const me = useCaller();
  const newJob = useNewJob();
  const below = useRef<HTMLDivElement>(null);
  const still = useAttention(below);
  useHearScope(filter.scope);
  const open = mayChange(me.role) ? newJob.open : undefined;
  const create = open ? <Button kind="primary" icon={<Plus />} onClick={open}>New job</Button> : null;
  return (
    <Page title="Jobs" actions={<><ScopeSelect scope={filter.scope} onChange={(scope) => { change({ scope, owner: '', tenant: '' }); }} />{create}</>}>
      <TroubleCard scope={filter.scope} still={still} />
      <StatCards filter={filter} onChange={change} />
      {/* In one column, the job list comes first. */}
      <div ref={below} className="grid gap-4 lg:grid-cols-4">
        <div className="min-w-0 max-lg:order-3 lg:col-span-3">
          <Boundary><Suspense fallback={<ActivitySkeleton title={ACTIVITY} />}><ActivityPanel title={ACTIVITY} /></Suspense></Boundary>
        </div>
        <HealthPanel />
        <div className="min-w-0 max-lg:order-2 lg:col-span-4">
          <JobList filter={filter} onChange={change} onClear={clear} onCreate={open} />
        </div>
      </div>
      {newJob.task === null || !open ? null : <Overlay onClose={newJob.close}><NewJobDialog task={newJob.task} onClose={newJob.close} /></Overlay>}
    </Page>
  );
}
