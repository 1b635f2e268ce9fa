import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { Page, Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { CommentPanel } from '@/features/comments/components/comment-panel';
import { ScopeSelect } from '@/features/jobs/components/scope-select';
import { useHearScope } from '@/features/live/use-hear-scope';
import { useCaller, widestScope } from '@/features/session/use-caller';
import { currentParams } from '@/lib/current-params';
import { count } from '@/lib/format';

import { useGroups } from '../api/list-groups';
import { deadParams, parseDead, type DeadFilter } from '../filter';
import { DeadList } from './dead-list';
import { GroupList } from './group-list';

export function Component() {
  const [params, setParams] = useSearchParams();
  const widest = widestScope(useCaller().role);
  const filter = useMemo(() => parseDead(params, widest), [params, widest]);
  const change = (part: Partial<DeadFilter>): void => {
    setParams(deadParams({ ...parseDead(currentParams(), widest), cursor: '', ...part }, widest), { replace: 'q' in part, preventScrollReset: true });
  };
  useHearScope(filter.scope);
  const groups = useGroups(filter.scope);
  const open = groups.data?.find(({ group }) => group === filter.group);
  const total = groups.data?.reduce((sum, group) => sum + group.count, 0);
  return (
    <Page
      title="Dead letters"
      aside={total ? <span data-status="dlq" className="tint num rounded-full px-2.5 text-xs leading-6 font-medium">{count(total)}</span> : null}
      actions={<ScopeSelect scope={filter.scope} onChange={(scope) => { change({ scope, group: '', owner: '', tenant: '' }); }} />}
    >
      <div className="grid items-start gap-4 lg:grid-cols-[22rem_minmax(0,1fr)]">
        <Section title="What went wrong" aside={<StaleBadge query={groups} />}>
          <QueryView query={groups} skeleton={<SkeletonRows rows={4} />}>
            {(list) => <GroupList groups={list} open={filter.group} onOpen={(group) => { change({ group }); }} />}
          </QueryView>
        </Section>
        <div className="flex min-w-0 flex-col gap-4">
          {open && (filter.scope !== 'all' || filter.tenant || open.comments > 0) ? <CommentPanel key={open.group} subject={{ group: open.group, tenant: filter.tenant }} title="Comments on this error" /> : null}
          <DeadList filter={filter} groupName={open?.type} onChange={change} />
        </div>
      </div>
    </Page>
  );
}
