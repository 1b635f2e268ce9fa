import { Page } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';

import { useLimits } from '../api/list-limits';
import { LimitTable } from './limit-table';

export function Component() {
  const limits = useLimits();
  return (
    <Page title="Limits" aside={<StaleBadge query={limits} />}>
      <div className="card min-w-0">
        <QueryView query={limits} skeleton={<SkeletonRows rows={3} />}>{(answer) => <LimitTable {...answer} />}</QueryView>
      </div>
    </Page>
  );
}
