import { useQueryClient } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { TextField } from '@/components/field';
import { FormError } from '@/components/form-error';
import { formText } from '@/lib/form-text';
import type { User } from '@/types';

import { useLogin } from '../api/login';
import { sessionEnd, sessionEndText } from '../ended';
import { became } from '../identity';

/** The log-in over the page, which stays as it is, with all that was being written. */
export function LogInAgain({ user, code }: { user: User; code: string }) {
  const login = useLogin();
  const queries = useQueryClient();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    login.mutate({ email: user.email, password: formText(event.currentTarget)('password') });
  };
  const leave = (): void => {
    sessionEnd.set(null);
    became(queries, null);
  };
  return (
    <Dialog title="Log in again" description={`${sessionEndText(code)} What you have written is kept.`}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="E-mail" name="email" type="email" autoComplete="username" value={user.email} readOnly />
        <TextField label="Password" name="password" type="password" autoComplete="current-password" required data-autofocus />
        <FormError error={login.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={leave}>Log in as someone else</Button>
          <Button kind="primary" type="submit" busy={login.isPending}>Log in</Button>
        </div>
      </form>
    </Dialog>
  );
}
