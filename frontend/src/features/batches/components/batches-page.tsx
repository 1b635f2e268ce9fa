import { Boxes, SearchX } from 'lucide-react';

import { Button } from '@/components/button';
import { CursorPages } from '@/components/cursor-pages';
import { Page } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { ownerOf, useOthers } from '@/features/jobs/components/owner';
import type { People } from '@/features/jobs/components/people-picks';
import { ScopeSelect } from '@/features/jobs/components/scope-select';
import { useHearScope } from '@/features/live/use-hear-scope';
import { useListFilter } from '@/features/session/use-list-filter';
import type { JobBatch } from '@/types';

import { useBatches } from '../api/list-batches';
import { BatchRow } from './batch-row';
import { GroupToolbar } from './group-toolbar';

function Rows({ batches, owners, tenants }: People & { batches: JobBatch[] }) {
  const people = { owners, tenants };
  const others = useOthers(people);
  return <ul>{batches.map((batch) => <BatchRow key={batch._id} batch={batch} owner={others ? ownerOf(batch, people) : null} />)}</ul>;
}

export function Component() {
  const [filter, change] = useListFilter();
  useHearScope(filter.scope);
  const batches = useBatches(filter);
  const narrowed = `${filter.status}${filter.owner}${filter.tenant}` !== '';
  return (
    <Page title="Batches" aside={<StaleBadge query={batches} />} actions={<ScopeSelect scope={filter.scope} onChange={(scope) => { change({ scope, owner: '', tenant: '' }); }} />}>
      <section aria-label="Batches" className="card min-w-0">
        <GroupToolbar label="Batches" filter={filter} people={batches.data} onChange={change} />
        <QueryView query={batches} skeleton={<SkeletonRows rows={6} />}>
          {(page) => page.batches.length > 0 ? <><Rows {...page} /><CursorPages page={page} onCursor={(cursor) => { change({ cursor }); }} /></> : narrowed ? (
            <EmptyState icon={SearchX} title="No batches match" action={<Button onClick={() => { change({ status: '', owner: '', tenant: '' }); }}>Clear the filters</Button>} />
          ) : (
            <EmptyState icon={Boxes} title="No batches yet">A batch is up to 10,000 jobs of one call (POST /batches), with common progress and jobs that run when all have ended.</EmptyState>
          )}
        </QueryView>
      </section>
    </Page>
  );
}
