import { ListChecks } from 'lucide-react';
import { Link, useSearchParams } from 'react-router';

import { Age } from '@/components/age';
import { CursorPages } from '@/components/cursor-pages';
import { Page } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { StatusPill } from '@/components/status-pill';
import type { Operation } from '@/types';

import { useOperations } from '../api/list-operations';
import { OperationButtons, OperationState } from './operation-state';

function OperationRow({ operation }: { operation: Operation }) {
  const { _id, name, status, cancelRequested, con } = operation;
  return (
    <li data-testid="operation" className="row flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-4 py-3">
      <div className="min-w-0 flex-[1_1_16rem]">
        <p className="flex min-w-0 items-center gap-2">
          {status === null ? <span className="min-w-0 truncate font-medium">{name}</span> : <Link to={`/jobs/${_id}`} className="min-w-0 truncate font-medium hover:underline">{name}</Link>}
          {status === null ? null : <StatusPill status={status} cancelling={cancelRequested} />}
        </p>
        <p className="text-ink-2"><Age at={con} /></p>
      </div>
      <div className="min-w-0 flex-[1_1_14rem]"><OperationState operation={operation} /></div>
      <OperationButtons operation={operation} />
    </li>
  );
}

export function Component() {
  const [params, setParams] = useSearchParams();
  const operations = useOperations(params.get('cursor') ?? '');
  return (
    <Page title="Operations" aside={<StaleBadge query={operations} />}>
      <section aria-label="Operations" className="card min-w-0">
        <QueryView query={operations} skeleton={<SkeletonRows rows={6} />}>
          {(page) => page.operations.length > 0 ? <><ul>{page.operations.map((each) => <OperationRow key={each._id} operation={each} />)}</ul><CursorPages page={page} onCursor={(cursor) => { setParams({ cursor }); }} /></> : (
            <EmptyState icon={ListChecks} title="No operations yet">Your exports of many jobs are listed here, with their files, and your actions on more than 1,000 jobs.</EmptyState>
          )}
        </QueryView>
      </section>
    </Page>
  );
}
