import type { SubmitEvent } from 'react';
import { Link, useLocation } from 'react-router';

import { Button } from '@/components/button';
import { TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { formText } from '@/lib/form-text';

import { useResetByLink } from '../api/passwords';
import { AuthLayout } from './auth-layout';

/** The token stands behind `#`, which browsers send to no server. */
export function Component() {
  const token = useLocation().hash.slice(1);
  const reset = useResetByLink();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    reset.mutate({ token, newPassword: formText(event.currentTarget)('password') });
  };
  const wrong = fieldError(reset.error, 'newPassword');
  return (
    <AuthLayout title="Set a new password" foot={<><Link to="/login" className="font-medium text-accent hover:underline">Log in</Link> or <Link to="/forgot-password" className="font-medium text-accent hover:underline">ask for another link</Link></>}>
      {reset.isSuccess ? <p role="status">The password was changed, and you are logged out everywhere. Log in with the new one.</p> : (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <TextField label="New password" name="password" type="password" autoComplete="new-password" required minLength={8} hint="At least 8 characters" error={wrong} />
          <FormError error={wrong ? null : reset.error} />
          <Button kind="primary" type="submit" busy={reset.isPending}>Set the password</Button>
        </form>
      )}
    </AuthLayout>
  );
}
