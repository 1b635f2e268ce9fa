import type { SubmitEvent } from 'react';
import { Link, Navigate } from 'react-router';

import { Button } from '@/components/button';
import { TextField } from '@/components/field';

import { useMe } from '../api/get-me';
import { useLogin } from '../api/login';
import { useSignUp } from '../api/sign-up';
import { AuthLayout } from './auth-layout';
import { fieldError, FormError } from '@/components/form-error';
import { ApiError } from '@/lib/api-client';
import { formText } from '@/lib/form-text';

function useSignUpAndLogin() {
  const signUp = useSignUp();
  const login = useLogin();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    const user = { username: text('username'), email: text('email'), password: text('password') };
    signUp.mutate(user, { onSuccess: () => { login.mutate({ email: user.email, password: user.password }); } });
  };
  // The API does not say whether an address is taken; a refused log-in shows it.
  const taken = login.error instanceof ApiError && login.error.code === 'wrong_credentials';
  return { submit, taken, error: signUp.error ?? (taken ? null : login.error), busy: signUp.isPending || login.isPending };
}

export function Component() {
  const me = useMe();
  const { submit, taken, error, busy } = useSignUpAndLogin();
  if (me.data) return <Navigate to="/" replace />;
  const wrong = (field: string) => fieldError(error, field);
  const atField = ['username', 'email', 'password'].some((field) => wrong(field) !== undefined);
  return (
    <AuthLayout title="Create an account" foot={<>Already have one? <Link to="/login" className="font-medium text-accent hover:underline">Log in</Link></>}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name" name="username" autoComplete="nickname" required maxLength={64} error={wrong('username')} />
        <TextField label="E-mail" name="email" type="email" autoComplete="username" required error={wrong('email')} />
        <TextField label="Password" name="password" type="password" autoComplete="new-password" required minLength={8} hint="At least 8 characters" error={wrong('password')} />
        {taken ? <p role="alert" data-status="retrying" className="tint rounded-lg px-3 py-2">You may already have an account with this address: <Link to="/login" className="font-medium underline">log in</Link>. If you forgot its password, <Link to="/forgot-password" className="font-medium underline">set a new one</Link>.</p> : null}
        <FormError error={atField ? null : error} />
        <Button kind="primary" type="submit" busy={busy}>{busy ? 'Creating…' : 'Sign up'}</Button>
      </form>
    </AuthLayout>
  );
}
