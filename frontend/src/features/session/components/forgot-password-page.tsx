import type { SubmitEvent } from 'react';
import { Link } from 'react-router';

import { Button } from '@/components/button';
import { TextField } from '@/components/field';
import { FormError } from '@/components/form-error';
import { formText } from '@/lib/form-text';

import { useForgotPassword } from '../api/passwords';
import { AuthLayout } from './auth-layout';

export function Component() {
  const forgot = useForgotPassword();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    forgot.mutate(formText(event.currentTarget)('email'));
  };
  return (
    <AuthLayout title="Forgot your password?" foot={<Link to="/login" className="font-medium text-accent hover:underline">Back to the log-in</Link>}>
      {forgot.isSuccess ? <p role="status">If this address has an account, a mail is on its way. Its link works once, within 30 minutes.</p> : (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <TextField label="E-mail" name="email" type="email" autoComplete="username" required hint="You get a link to set a new password." />
          <FormError error={forgot.error} />
          <Button kind="primary" type="submit" busy={forgot.isPending}>Send the link</Button>
        </form>
      )}
    </AuthLayout>
  );
}
