import type { SubmitEvent } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { SelectField, TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { formText } from '@/lib/form-text';

import { useInvite } from '../api/invitations';
import { givenRoles, roleMeaning, roleName, type GivenRole } from '../roles';

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const invite = useInvite();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    invite.mutate({ email: text('email'), role: text('role') as GivenRole }, { onSuccess: onClose });
  };
  const wrong = fieldError(invite.error, 'email');
  return (
    <Dialog title="Invite by mail" onClose={invite.isPending ? undefined : onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="E-mail" name="email" type="email" required error={wrong} />
        <SelectField label="Role" name="role" defaultValue="member">
          {givenRoles.map((role) => <option key={role} value={role}>{roleName[role]}: {roleMeaning[role]}</option>)}
        </SelectField>
        <FormError error={wrong ? null : invite.error} />
        <div className="flex justify-end gap-2"><Button onClick={onClose}>Close</Button><Button kind="primary" type="submit" busy={invite.isPending}>Invite</Button></div>
      </form>
    </Dialog>
  );
}
