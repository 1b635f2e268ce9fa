import { CloudOff } from 'lucide-react';
import { Fragment } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';

import { ErrorState, EmptyState } from '@/components/states';
import { ApiError } from '@/lib/api-client';

import { useMe } from '../api/get-me';
import { useSessionEnd } from '../use-session-end';
import { LogInAgain } from './log-in-again';

/** Shows the pages to logged-in users. While the API is down it waits and says so: the session may still be valid. */
export function Guard() {
  const me = useMe();
  const ended = useSessionEnd();
  const { pathname, search } = useLocation();
  if (me.data) {
    // Another user gets new pages, so nothing of the former user stays.
    return <Fragment key={me.data._id}><Outlet />{ended ? <LogInAgain user={me.data} code={ended} /> : null}</Fragment>;
  }
  if (me.data === null) return <Navigate to={`/login?next=${encodeURIComponent(pathname + search)}`} replace />;
  return <main className="grid min-h-dvh place-items-center">{me.error ? <Away error={me.error} /> : <Starting />}</main>;
}

function Starting() {
  return <p role="status" className="text-ink-3">Loading…</p>;
}

function Away({ error }: { error: Error }) {
  if (!(error instanceof ApiError && error.away)) return <ErrorState error={error} />;
  return (
    <div role="alert">
      <EmptyState icon={CloudOff} title="The API can’t be reached">
        Trying again every few seconds. The page loads as soon as the API responds.
      </EmptyState>
    </div>
  );
}
