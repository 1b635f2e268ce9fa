import { BellRing, Plus } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';

import { Button } from '@/components/button';
import { Page } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { isAdmin, useCaller } from '@/features/session/use-caller';
import { currentParams } from '@/lib/current-params';
import type { Alert } from '@/types';

import { useAlerts } from '../api/list-alerts';
import { AlertDialog } from './alert-dialog';
import { AlertRow } from './alert-row';
import { FiringList } from './firing-list';

/** Those that need attention first. */
const order: Alert['status'][] = ['firing', 'pending', 'resolved', 'ok'];
const byNeed = (alerts: Alert[]): Alert[] => [...alerts].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));

export function Component() {
  const { role } = useCaller();
  const alerts = useAlerts();
  const [params, setParams] = useSearchParams();
  const [creating, setCreating] = useState(false);
  const turn = (cursor: string): void => {
    const next = currentParams();
    next.set('cursor', cursor);
    setParams(next, { preventScrollReset: true });
  };
  const create = isAdmin(role) ? <Button kind="primary" icon={<Plus />} onClick={() => { setCreating(true); }}>New rule</Button> : null;
  return (
    <Page title="Alerts" aside={<StaleBadge query={alerts} />} actions={create}>
      <section aria-label="Alert rules" className="card min-w-0">
        <QueryView query={alerts} skeleton={<SkeletonRows rows={4} />}>
          {({ alerts: found, owners }) => found.length > 0
            ? <ul className="[&>li:first-child]:border-t-0">{byNeed(found).map((alert) => <AlertRow key={alert._id} alert={alert} owner={owners[alert.ownerId]} />)}</ul>
            : <EmptyState icon={BellRing} title="No alert rules">A rule tells webhooks, and members by mail, when a queue is stuck, jobs fail or a schedule is late, and when that is over.</EmptyState>}
        </QueryView>
      </section>
      {alerts.data ? <FiringList alerts={alerts.data.alerts} rule={params.get('rule') ?? ''} cursor={params.get('cursor') ?? ''} onCursor={turn} /> : null}
      {creating ? <AlertDialog onClose={() => { setCreating(false); }} /> : null}
    </Page>
  );
}
