import type { SubmitEvent } from 'react';

import { Button } from '@/components/button';
import { CopyButton } from '@/components/copy-button';
import { Dialog } from '@/components/dialog';
import { SelectField, TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { formText } from '@/lib/form-text';

import { useInvite } from '../api/invitations';
import { givenRoles, roleMeaning, roleName, type GivenRole } from '../roles';

function InvitationLink({ email, link, mailed, onDone }: { email: string; link: string; mailed: boolean; onDone: () => void }) {
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-2">{mailed ? `A mail with this link is on its way to ${email}.` : `Pass this link on to ${email}: no mail is sent.`} It works once, within 7 days, and is not shown again.</p>
      <p data-testid="invitation-link" className="flex items-center gap-2 rounded-lg border border-line bg-sunken py-1.5 pr-1.5 pl-3 font-mono"><span className="min-w-0 flex-1 break-all">{link}</span><CopyButton text={link} label="Copy the link" /></p>
      <div className="flex justify-end"><Button kind="primary" onClick={onDone}>Done</Button></div>
    </div>
  );
}

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const invite = useInvite();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    invite.mutate({ email: text('email'), role: text('role') as GivenRole });
  };
  const wrong = fieldError(invite.error, 'email');
  return (
    <Dialog title="Invite by mail" onClose={invite.isIdle || invite.isError ? onClose : undefined}>
      {invite.data ? <InvitationLink email={invite.data.invitation.email} link={invite.data.link} mailed={invite.data.mailed} onDone={onClose} /> : (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <TextField label="E-mail" name="email" type="email" required error={wrong} />
          <SelectField label="Role" name="role" defaultValue="member">
            {givenRoles.map((role) => <option key={role} value={role}>{roleName[role]}: {roleMeaning[role]}</option>)}
          </SelectField>
          <FormError error={wrong ? null : invite.error} />
          <div className="flex justify-end gap-2"><Button onClick={onClose}>Close</Button><Button kind="primary" type="submit" busy={invite.isPending}>Invite</Button></div>
        </form>
      )}
    </Dialog>
  );
}
