import { MailX } from 'lucide-react';

import { IconButton } from '@/components/button';
import { dateTime } from '@/lib/format';

import { useInvitations, useRevokeInvitation } from '../api/invitations';
import { roleName } from '../roles';

/** Open invitations, below the members; nothing without any. */
export function InvitationList() {
  const { data } = useInvitations();
  const revoke = useRevokeInvitation();
  if (!data || data.invitations.length === 0) return null;
  return (
    <ul aria-label="Invitations">
      {data.invitations.map(({ _id, email, role, invitedBy, expiresAt }) => (
        <li key={_id} className="flex items-center gap-3 border-t border-line px-4 py-3">
          <div className="min-w-0 flex-1">
            <p className="truncate font-medium">{email}</p>
            <p className="text-xs text-ink-3">{`invited as ${roleName[role]} by ${data.owners[invitedBy] ?? 'a removed member'} · expires ${dateTime(expiresAt)}`}</p>
          </div>
          <IconButton label={`Revoke the invitation of ${email}`} onClick={() => { if (!revoke.isPending) revoke.mutate(_id); }}><MailX /></IconButton>
        </li>
      ))}
    </ul>
  );
}
