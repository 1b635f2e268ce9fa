import { Compass } from 'lucide-react';
import { Link, useRouteError } from 'react-router';

import { LoadFailed } from '@/components/load-failed';
import { Page } from '@/components/page';
import { EmptyState } from '@/components/states';

const link = 'inline-flex h-9 items-center rounded-lg bg-primary px-3.5 font-medium text-on-primary hover:bg-primary-hover';

export function NotFoundPage() {
  return (
    <Page title="Page not found">
      <EmptyState icon={Compass} title="There is nothing at this address" action={<Link to="/" className={link}>Go to jobs</Link>}>
        It is mistyped, or what it led to was deleted.
      </EmptyState>
    </Page>
  );
}

/** Shown when the shell of the pages could not be loaded; each try loads the page again. */
export function RouteError() {
  const error = useRouteError();
  const reload = (): void => { window.location.reload(); };
  return (
    <main className="grid min-h-dvh place-items-center">
      <LoadFailed error={error instanceof Error ? error : new Error(String(error))} onRetry={reload} />
    </main>
  );
}
