import { SearchX } from 'lucide-react';
import { useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';

import { Page } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { JsonPanel } from '@/features/jobs/components/json-panel';
import { useHearScope } from '@/features/live/use-hear-scope';
import { useScope, useScopedLink } from '@/features/session/use-scope';
import { ApiError } from '@/lib/api-client';

import { useSchedule } from '../api/get-schedule';
import { RunList } from './run-list';
import { ScheduleActions } from './schedule-actions';
import { NextFires, ScheduleFacts } from './schedule-facts';
import { ScheduleDialog } from './schedule-form';
import { StateTag } from './state-tag';

export function Component() {
  const { name = '' } = useParams();
  const tenant = useSearchParams()[0].get('tenant') ?? '';
  const [editing, setEditing] = useState(false);
  const navigate = useNavigate();
  const link = useScopedLink();
  const schedule = useSchedule(name, tenant);
  useHearScope(useScope());
  if (schedule.error instanceof ApiError && [403, 404].includes(schedule.error.status)) {
    return <Page title="Schedule"><EmptyState icon={SearchX} title="This schedule does not exist" action={<Link to={link('/schedules')} className="text-accent hover:underline">Go to schedules</Link>}>It was deleted, or belongs to someone else.</EmptyState></Page>;
  }
  const { data } = schedule;
  return (
    <Page
      title={name}
      aside={data ? <><StateTag schedule={data} /><StaleBadge query={schedule} /></> : null}
      actions={data ? <ScheduleActions schedule={data} onEdit={() => { setEditing(true); }} onDeleted={() => { void navigate(link('/schedules'), { replace: true }); }} /> : null}
    >
      <QueryView query={schedule} skeleton={<div className="grid gap-4 lg:grid-cols-[1fr_24rem]"><div className="card skeleton h-80" /><div className="card skeleton h-80" /></div>}>
        {(known) => (
          <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
            <RunList name={name} tenant={tenant} tz={known.tz} />
            <div className="flex min-w-0 flex-col gap-4">
              <NextFires schedule={known} />
              <ScheduleFacts schedule={known} />
              <JsonPanel title="Payload" value={known.payload} />
            </div>
          </div>
        )}
      </QueryView>
      {editing && data ? <ScheduleDialog tenant={tenant} known={data} onClose={() => { setEditing(false); }} /> : null}
    </Page>
  );
}
