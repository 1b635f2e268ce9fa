import { LogOut, MonitorSmartphone } from 'lucide-react';
import { useState } from 'react';

import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { dateTime, relative } from '@/lib/format';
import { useNow } from '@/lib/use-now';
import type { OpenSession } from '@/types';

import { useEndAllSessions, useEndSession, useSessions } from '../api/sessions';

function SessionRow({ session }: { session: OpenSession }) {
  const now = useNow();
  const end = useEndSession();
  return (
    <li className="flex items-center gap-3 border-t border-line px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{session.device}{session.current ? <span className="ml-2 text-xs font-normal text-ink-3">this one</span> : null}</p>
        <p className="text-xs text-ink-3">{`since ${dateTime(session.con)} · used ${relative(session.usedAt, now)}`}</p>
      </div>
      {session.current ? null : <IconButton label={`Log out ${session.device}`} onClick={() => { if (!end.isPending) end.mutate(session._id); }}><LogOut /></IconButton>}
    </li>
  );
}

function EndAll() {
  const [open, setOpen] = useState(false);
  const end = useEndAllSessions();
  const close = (): void => { setOpen(false); };
  return (
    <>
      <Button size="sm" icon={<LogOut />} onClick={() => { setOpen(true); }}>Log out everywhere</Button>
      {open ? (
        <Dialog title="Log out everywhere" onClose={close} footer={<><Button onClick={close}>Back</Button><Button kind="danger" busy={end.isPending} onClick={() => { end.mutate(); }}>Log out everywhere</Button></>}>
          <p className="text-ink-2">All devices are logged out, also this one. API keys keep working.</p>
        </Dialog>
      ) : null}
    </>
  );
}

export function SessionList() {
  const sessions = useSessions();
  return (
    <Section title="Sessions" aside={<><StaleBadge query={sessions} /><EndAll /></>}>
      <div className="mt-2">
        <QueryView query={sessions} skeleton={<SkeletonRows rows={2} />}>
          {(list) => list.length > 0 ? <ul>{list.map((each) => <SessionRow key={each._id} session={each} />)}</ul> : <EmptyState icon={MonitorSmartphone} title="No sessions">Sessions that began before an upgrade are not listed.</EmptyState>}
        </QueryView>
      </div>
    </Section>
  );
}
