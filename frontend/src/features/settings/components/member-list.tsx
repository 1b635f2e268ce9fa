import { MailPlus, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';

import { Button } from '@/components/button';
import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { isAdmin, useCaller } from '@/features/session/use-caller';

import { useMembers } from '../api/list-members';
import { AddMemberDialog } from './add-member-dialog';
import { InvitationList } from './invitation-list';
import { InviteDialog } from './invite-dialog';
import { MemberRow } from './member-row';

export function MemberList() {
  const me = useCaller();
  const admin = isAdmin(me.role);
  const members = useMembers();
  const [adding, setAdding] = useState(false);
  const [inviting, setInviting] = useState(false);
  return (
    <Section title="Members" aside={<><StaleBadge query={members} />{admin ? <Button size="sm" icon={<MailPlus />} onClick={() => { setInviting(true); }}>Invite</Button> : null}{admin ? <Button size="sm" icon={<UserPlus />} onClick={() => { setAdding(true); }}>Add</Button> : null}</>}>
      <div className="mt-2">
        <QueryView query={members} skeleton={<SkeletonRows rows={3} />}>
          {(list) => list.length > 0 ? <ul>{list.map((member) => <MemberRow key={member._id} member={member} admin={admin} self={member._id === me._id} />)}</ul> : <EmptyState icon={Users} title="No members" />}
        </QueryView>
        {admin ? <InvitationList /> : null}
      </div>
      {inviting ? <InviteDialog onClose={() => { setInviting(false); }} /> : null}
      {adding ? <AddMemberDialog onClose={() => { setAdding(false); }} /> : null}
    </Section>
  );
}
