import type { SubmitEvent } from 'react';

import { Button } from '@/components/button';
import { CopyButton } from '@/components/copy-button';
import { Dialog } from '@/components/dialog';
import { SelectField, TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { formText } from '@/lib/form-text';

import { useAddMember } from '../api/add-member';
import { givenRoles, roleMeaning, roleName, type GivenRole } from '../roles';

function Password({ name, password, onClose }: { name: string; password: string; onClose: () => void }) {
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-2">{name} can log in with this password. It is shown this once.</p>
      <p className="flex items-center gap-2 rounded-lg border border-line bg-sunken py-1.5 pr-1.5 pl-3 font-mono"><span className="min-w-0 flex-1 break-all">{password}</span><CopyButton text={password} label="Copy the password" /></p>
      <div className="flex justify-end"><Button kind="primary" onClick={onClose}>Done</Button></div>
    </div>
  );
}

export function AddMemberDialog({ onClose }: { onClose: () => void }) {
  const add = useAddMember();
  const wrong = (field: string) => fieldError(add.error, field);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    add.mutate({ username: text('username'), email: text('email'), role: text('role') as GivenRole });
  };
  return (
    <Dialog title="Add a member" onClose={onClose}>
      {add.data ? <Password name={add.data.member.username} password={add.data.password ?? ''} onClose={onClose} /> : (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <TextField label="Name" name="username" required maxLength={64} error={wrong('username')} />
          <TextField label="E-mail" name="email" type="email" required error={wrong('email')} />
          <SelectField label="Role" name="role" defaultValue="member">
            {givenRoles.map((role) => <option key={role} value={role}>{roleName[role]}: {roleMeaning[role]}</option>)}
          </SelectField>
          <FormError error={wrong('username') ?? wrong('email') ? null : add.error} />
          <div className="flex justify-end gap-2"><Button onClick={onClose}>Close</Button><Button kind="primary" type="submit" busy={add.isPending}>Add</Button></div>
        </form>
      )}
    </Dialog>
  );
}
