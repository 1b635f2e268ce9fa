import { Plus } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useSearchParams } from 'react-router';

import { Button } from '@/components/button';
import { Page } from '@/components/page';
import { JobList } from '@/features/jobs/components/job-list';
import { ScopeSelect } from '@/features/jobs/components/scope-select';
import { useJobFilter } from '@/features/jobs/use-job-filter';
import { useHearScope } from '@/features/live/use-hear-scope';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { currentParams } from '@/lib/current-params';

import { HealthPanel } from './health-panel';
import { StatCards } from './stat-cards';

const ActivityPanel = lazy(() => import('./activity-panel'));
const NewJobDialog = lazy(() => import('@/features/jobs/components/new-job-dialog'));

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
  useHearScope(filter.scope);
  const open = mayChange(me.role) ? newJob.open : undefined;
  const create = open ? <Button kind="primary" icon={<Plus />} onClick={open}>New job</Button> : null;
  return (
    <Page title="Jobs" actions={<><ScopeSelect scope={filter.scope} onChange={(scope) => { change({ scope }); }} />{create}</>}>
      <StatCards filter={filter} onChange={change} />
      <div className="grid gap-4 lg:grid-cols-4">
        <Suspense fallback={<div className="card min-h-56 lg:col-span-3" />}><ActivityPanel /></Suspense>
        <HealthPanel scope={filter.scope} />
      </div>
      <JobList filter={filter} onChange={change} onClear={clear} onCreate={open} />
      <Suspense>{newJob.task === null || !open ? null : <NewJobDialog task={newJob.task} onClose={newJob.close} />}</Suspense>
    </Page>
  );
}
