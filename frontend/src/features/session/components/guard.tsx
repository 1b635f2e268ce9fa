import { CloudOff } from 'lucide-react';
import { Fragment, Suspense } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';

import { Boundary, loadable } from '@/components/loadable';
import { ErrorState, EmptyState } from '@/components/states';
import { ApiError } from '@/lib/api-client';

import { useMe } from '../api/get-me';
import { useSessionEnd } from '../use-session-end';

/** Fetched ahead by the shell: when a session ends, the server may be down. */
export const LogInAgain = loadable(() => import('./log-in-again'), (module) => module.LogInAgain);

/** Shows the pages to logged-in users. While the API is down it waits and says so: the session may still be valid. */
export function Guard() {
  const me = useMe();
  const ended = useSessionEnd();
  const { pathname, search } = useLocation();
  if (me.data) {
    // Another user gets new pages, so nothing of the former user stays.
    return <Fragment key={me.data._id}><Outlet />{ended ? <Boundary><Suspense><LogInAgain user={me.data} code={ended} /></Suspense></Boundary> : null}</Fragment>;
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
