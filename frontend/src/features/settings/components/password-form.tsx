import type { SubmitEvent } from 'react';

import { Button } from '@/components/button';
import { TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { Section } from '@/components/page';
import { formText } from '@/lib/form-text';

import { useChangePassword } from '../api/change-password';

export function PasswordForm() {
  const change = useChangePassword();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const element = event.currentTarget;
    const text = formText(element);
    const passwords = { currentPassword: text('current'), newPassword: text('next') };
    change.mutate(passwords, { onSuccess: () => { element.reset(); } });
  };
  const current = fieldError(change.error, 'currentPassword');
  const next = fieldError(change.error, 'newPassword');
  return (
    <Section title="Password">
      <form onSubmit={submit} className="flex max-w-md flex-col gap-4 px-4 pt-2 pb-4">
        <TextField label="Current password" name="current" type="password" autoComplete="current-password" required error={current} />
        <TextField label="New password" name="next" type="password" autoComplete="new-password" required minLength={8} hint="At least 8 characters. You stay logged in here and are logged out everywhere else." error={next} />
        <FormError error={current ?? next ? null : change.error} />
        <div><Button kind="primary" type="submit" busy={change.isPending}>Change password</Button></div>
      </form>
    </Section>
  );
}
