import { CalendarClock, Plus } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';

import { Button } from '@/components/button';
import { CursorPages } from '@/components/cursor-pages';
import { Page } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { ScopeSelect } from '@/features/jobs/components/scope-select';
import { useHearScope } from '@/features/live/use-hear-scope';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { useScope } from '@/features/session/use-scope';
import { currentParams } from '@/lib/current-params';

import { useSchedules } from '../api/list-schedules';
import { ScheduleDialog } from './schedule-form';
import { ScheduleRow } from './schedule-row';

export function Component() {
  const me = useCaller();
  const scope = useScope();
  const [params, setParams] = useSearchParams();
  const [creating, setCreating] = useState(false);
  const change = (name: string, value: string): void => {
    const next = currentParams();
    next.delete('cursor');
    if (value) next.set(name, value);
    setParams(next, { preventScrollReset: true });
  };
  useHearScope(scope);
  const schedules = useSchedules(scope, params.get('cursor') ?? '');
  const creates = mayChange(me.role);
  const start = creates ? <Button kind="primary" icon={<Plus />} onClick={() => { setCreating(true); }}>New schedule</Button> : null;
  return (
    <Page title="Schedules" aside={<StaleBadge query={schedules} />} actions={<><ScopeSelect scope={scope} onChange={(wanted) => { change('scope', wanted); }} />{start}</>}>
      <section aria-label="Schedules" className="card">
        <QueryView query={schedules} skeleton={<SkeletonRows rows={5} />}>
          {(page) => page.schedules.length === 0 ? <EmptyState icon={CalendarClock} title="No schedules yet">A schedule makes a job at set times: by a cron expression, at an interval, or once.</EmptyState> : (
            <>
              <ul className="[&>li:first-child]:border-t-0">{page.schedules.map((schedule) => <ScheduleRow key={schedule._id} schedule={schedule} owner={schedule.ownerId === me._id ? undefined : page.owners[schedule.ownerId]} />)}</ul>
              <CursorPages page={page} onCursor={(cursor) => { change('cursor', cursor); }} />
            </>
          )}
        </QueryView>
      </section>
      {creating ? <ScheduleDialog tenant="" onClose={() => { setCreating(false); }} /> : null}
    </Page>
  );
}
