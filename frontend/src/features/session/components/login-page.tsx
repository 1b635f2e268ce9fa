import type { SubmitEvent } from 'react';
import { Link, Navigate, useSearchParams } from 'react-router';

import { Button } from '@/components/button';
import { TextField } from '@/components/field';

import { useMe } from '../api/get-me';
import { useLogin } from '../api/login';
import { sessionEndText } from '../ended';
import { useSessionEnd } from '../use-session-end';
import { AuthLayout } from './auth-layout';
import { FormError } from '@/components/form-error';
import { formText } from '@/lib/form-text';

/** Only a path of this site: a full URL in `next` would redirect elsewhere after the log-in. */
export function safeNext(next: string | null): string {
  return next?.startsWith('/') === true && !/^\/[/\\]/.test(next) ? next : '/';
}

const advice: Record<string, string> = {
  account_removed: ' An admin of the workspace can tell you more.',
};

export function Component() {
  const me = useMe();
  const login = useLogin();
  const [params] = useSearchParams();
  const ended = useSessionEnd();
  if (me.data) return <Navigate to={safeNext(params.get('next'))} replace />;

  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    login.mutate({ email: text('email'), password: text('password') });
  };
  return (
    <AuthLayout title="Log in" foot={<>No account yet? <Link to="/signup" className="font-medium text-accent hover:underline">Sign up</Link></>}>
      {ended ? <p role="status" data-status="retrying" className="tint mb-4 rounded-lg px-3 py-2">{sessionEndText(ended)}{advice[ended] ?? ''}</p> : null}
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="E-mail" name="email" type="email" autoComplete="username" required />
        <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
        <FormError error={login.error} />
        <Button kind="primary" type="submit" busy={login.isPending}>{login.isPending ? 'Logging in…' : 'Log in'}</Button>
        <p className="text-xs text-ink-3"><Link to="/forgot-password" className="text-accent underline">Forgot your password?</Link> An admin of your workspace can also give you a new one.</p>
      </form>
    </AuthLayout>
  );
}
