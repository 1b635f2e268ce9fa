import { Compass } from 'lucide-react';
import { Link, useRouteError } from 'react-router';

import { EmptyState, ErrorState } from '@/components/states';

const link = 'inline-flex h-9 items-center rounded-lg bg-primary px-3.5 font-medium text-on-primary hover:bg-primary-hover';

export function NotFoundPage() {
  return (
    <EmptyState icon={Compass} title="There is nothing here" action={<Link to="/" className={link}>To the jobs</Link>}>
      The address is wrong, or what it named is gone.
    </EmptyState>
  );
}

export function RouteError() {
  const error = useRouteError();
  return (
    <main className="grid min-h-dvh place-items-center">
      <ErrorState error={error instanceof Error ? error : new Error(String(error))} onRetry={() => { window.location.reload(); }} />
    </main>
  );
}
