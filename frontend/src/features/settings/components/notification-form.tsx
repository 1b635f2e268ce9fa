import { SelectField } from '@/components/field';
import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { useCaller } from '@/features/session/use-caller';
import type { Notifications } from '@/types';

import { useNotifications, useSetNotifications } from '../api/notifications';

const rhythms: Record<Notifications['failures'], string> = {
  off: 'Never',
  at_once: 'At once, at most every five minutes',
  hourly: 'Every hour',
  daily: 'Every day at 7:00 UTC',
};

function Choices({ notifications }: { notifications: Notifications }) {
  const { role } = useCaller();
  const set = useSetNotifications();
  const shown = set.isPending ? set.variables : notifications;
  const change = (part: Partial<Notifications>): void => { set.mutate({ ...shown, ...part }); };
  return (
    <div className="flex max-w-md flex-col gap-4 px-4 pt-2 pb-4">
      <SelectField label="Mails about failed jobs" value={shown.failures} aria-busy={set.isPending} hint="A mail names all jobs that used up their attempts since the last one." onChange={(event) => { change({ failures: event.target.value as Notifications['failures'] }); }}>
        {Object.entries(rhythms).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      </SelectField>
      {role === 'member' ? null : (
        <SelectField label="Of whose jobs" value={shown.scope} aria-busy={set.isPending} onChange={(event) => { change({ scope: event.target.value as Notifications['scope'] }); }}>
          <option value="own">Mine</option>
          <option value="tenant">Everyone’s in the workspace</option>
        </SelectField>
      )}
      {role === 'member' ? null : (
        <SelectField label="Mails about alerts" value={shown.alerts ? 'on' : 'off'} aria-busy={set.isPending} hint="When an alert rule fires and when it resolves, at most 12 an hour." onChange={(event) => { change({ alerts: event.target.value === 'on' }); }}>
          <option value="off">Never</option>
          <option value="on">When one fires or resolves</option>
        </SelectField>
      )}
    </div>
  );
}

export function NotificationForm() {
  const notifications = useNotifications();
  return (
    <Section title="Mails">
      <QueryView query={notifications} skeleton={<SkeletonRows rows={2} />}>
        {(found) => <Choices notifications={found} />}
      </QueryView>
    </Section>
  );
}
