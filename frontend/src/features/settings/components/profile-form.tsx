import { type SubmitEvent, useState } from 'react';

import { Button } from '@/components/button';
import { TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { Section } from '@/components/page';
import { useCaller } from '@/features/session/use-caller';
import { dateTime } from '@/lib/format';
import { formText } from '@/lib/form-text';

import { useUpdateMe } from '../api/update-me';

export function ProfileForm() {
  const me = useCaller();
  const update = useUpdateMe();
  const [email, setEmail] = useState(me.email);
  const moves = email.trim().toLowerCase() !== me.email;
  const wrong = (field: string) => fieldError(update.error, field);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    const names = { username: text('username'), email: text('email') };
    update.mutate(moves ? { ...names, currentPassword: text('current') } : names);
  };
  return (
    <Section title="Profile">
      <form onSubmit={submit} className="flex max-w-md flex-col gap-4 px-4 pt-2 pb-4">
        <TextField label="Name" name="username" defaultValue={me.username} required maxLength={64} error={wrong('username')} />
        <TextField label="E-mail" name="email" type="email" value={email} onChange={(event) => { setEmail(event.currentTarget.value); }} required error={wrong('email')} />
        {moves ? <TextField label="Current password" hint="Needed to change your e-mail address" name="current" type="password" autoComplete="current-password" required error={wrong('currentPassword')} /> : null}
        <p className="text-xs text-ink-3">Your role is <b className="font-medium text-ink-2">{me.role}</b>. Account created {dateTime(me.con)}.</p>
        <FormError error={wrong('username') ?? wrong('email') ?? wrong('currentPassword') ? null : update.error} />
        <div><Button kind="primary" type="submit" busy={update.isPending}>Save</Button></div>
      </form>
    </Section>
  );
}
