import type { SubmitEvent } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { SelectField, TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { drafts, useDraft } from '@/lib/drafts';
import { formText } from '@/lib/form-text';

import { useAddMember } from '../api/add-member';
import { givenRoles, roleMeaning, roleName, type GivenRole } from '../roles';

const DRAFT = 'new-member';

export function AddMemberDialog({ onClose }: { onClose: () => void }) {
  const add = useAddMember();
  const [draft, setDraft] = useDraft(DRAFT, { username: '', email: '' });
  const wrong = (field: string) => fieldError(add.error, field);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    add.mutate({ username: text('username'), email: text('email'), role: text('role') as GivenRole }, { onSuccess: () => { drafts.drop(DRAFT); onClose(); } });
  };
  return (
    <Dialog title="Add a member" onClose={add.isPending ? undefined : onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name" name="username" required maxLength={64} defaultValue={draft.username} onChange={(event) => { setDraft({ ...draft, username: event.target.value }); }} error={wrong('username')} />
        <TextField label="E-mail" name="email" type="email" required defaultValue={draft.email} onChange={(event) => { setDraft({ ...draft, email: event.target.value }); }} error={wrong('email')} />
        <SelectField label="Role" name="role" defaultValue="member">
          {givenRoles.map((role) => <option key={role} value={role}>{roleName[role]}: {roleMeaning[role]}</option>)}
        </SelectField>
        <FormError error={wrong('username') ?? wrong('email') ? null : add.error} />
        <div className="flex justify-end gap-2"><Button onClick={onClose}>Close</Button><Button kind="primary" type="submit" busy={add.isPending}>Add</Button></div>
      </form>
    </Dialog>
  );
}
