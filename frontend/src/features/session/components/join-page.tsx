import type { SubmitEvent } from 'react';
import { Link, Navigate, useLocation } from 'react-router';

import { Button } from '@/components/button';
import { TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { formText } from '@/lib/form-text';

import { useInvitation, useJoin } from '../api/invitations';
import { useLogin } from '../api/login';
import { AuthLayout } from './auth-layout';

function useJoinAndLogin(token: string, email: string) {
  const join = useJoin();
  const login = useLogin();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    const person = { username: text('username'), password: text('password') };
    join.mutate({ token, ...person }, { onSuccess: () => { login.mutate({ email, password: person.password }); } });
  };
  return { submit, error: join.error ?? login.error, busy: join.isPending || login.isPending, done: login.isSuccess };
}

function JoinForm({ token, email }: { token: string; email: string }) {
  const { submit, error, busy, done } = useJoinAndLogin(token, email);
  if (done) return <Navigate to="/" replace />;
  const wrong = (field: string) => fieldError(error, field);
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <TextField label="E-mail" name="email" type="email" autoComplete="username" value={email} readOnly />
      <TextField label="Name" name="username" autoComplete="nickname" required maxLength={64} error={wrong('username')} />
      <TextField label="Password" name="password" type="password" autoComplete="new-password" required minLength={8} hint="At least 8 characters" error={wrong('password')} />
      <FormError error={wrong('username') ?? wrong('password') ? null : error} />
      <Button kind="primary" type="submit" busy={busy}>Join</Button>
    </form>
  );
}

/** The token stands behind `#`, which browsers send to no server. */
export function Component() {
  const token = useLocation().hash.slice(1);
  const invitation = useInvitation(token);
  const { data } = invitation;
  return (
    <AuthLayout title={data ? `Join ${data.tenant}` : 'Join a workspace'} foot={<>Have an account? <Link to="/login" className="font-medium text-accent hover:underline">Log in</Link></>}>
      {data ? <><p className="mb-4 text-ink-2">You are invited as {data.role}.</p><JoinForm token={token} email={data.email} /></> : null}
      {invitation.isPending ? <p role="status" className="text-ink-3">Loading…</p> : <FormError error={invitation.error} />}
    </AuthLayout>
  );
}
