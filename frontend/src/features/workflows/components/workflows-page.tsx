import { Plus, SearchX, Workflow as Icon } from 'lucide-react';
import { useState } from 'react';

import { Button } from '@/components/button';
import { CursorPages } from '@/components/cursor-pages';
import { Overlay } from '@/components/loadable';
import { Page } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { GroupToolbar } from '@/features/batches/components/group-toolbar';
import { ownerOf, useOthers } from '@/features/jobs/components/owner';
import type { People } from '@/features/jobs/components/people-picks';
import { ScopeSelect } from '@/features/jobs/components/scope-select';
import { useHearScope } from '@/features/live/use-hear-scope';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { useListFilter } from '@/features/session/use-list-filter';
import type { Workflow } from '@/types';

import { useWorkflows } from '../api/list-workflows';
import { NewWorkflowDialog } from './new-workflow';
import { WorkflowRow } from './workflow-row';

function Rows({ workflows, owners, tenants }: People & { workflows: Workflow[] }) {
  const people = { owners, tenants };
  const others = useOthers(people);
  return <ul>{workflows.map((workflow) => <WorkflowRow key={workflow._id} workflow={workflow} owner={others ? ownerOf(workflow, people) : null} />)}</ul>;
}

export function Component() {
  const [filter, change] = useListFilter();
  const [creating, setCreating] = useState(false);
  const { role } = useCaller();
  useHearScope(filter.scope);
  const workflows = useWorkflows(filter);
  const narrowed = `${filter.status}${filter.owner}${filter.tenant}` !== '';
  const close = (): void => { setCreating(false); };
  return (
    <Page
      title="Workflows"
      aside={<StaleBadge query={workflows} />}
      actions={<><ScopeSelect scope={filter.scope} onChange={(scope) => { change({ scope, owner: '', tenant: '' }); }} />{mayChange(role) ? <Button kind="primary" icon={<Plus />} onClick={() => { setCreating(true); }}>New workflow</Button> : null}</>}
    >
      <section aria-label="Workflows" className="card min-w-0">
        <GroupToolbar label="Workflows" filter={filter} people={workflows.data} onChange={change} />
        <QueryView query={workflows} skeleton={<SkeletonRows rows={6} />}>
          {(page) => page.workflows.length > 0 ? <><Rows {...page} /><CursorPages page={page} onCursor={(cursor) => { change({ cursor }); }} /></> : narrowed ? (
            <EmptyState icon={SearchX} title="No workflows match" action={<Button onClick={() => { change({ status: '', owner: '', tenant: '' }); }}>Clear the filters</Button>} />
          ) : (
            <EmptyState icon={Icon} title="No workflows yet">A workflow is a graph of jobs that need each other and use each other’s results.</EmptyState>
          )}
        </QueryView>
      </section>
      {creating ? <Overlay onClose={close}><NewWorkflowDialog onClose={close} /></Overlay> : null}
    </Page>
  );
}
