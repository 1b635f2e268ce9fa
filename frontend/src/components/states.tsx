/** The empty state of a list, with the reason. */
import { CloudOff, Lock, TriangleAlert } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

import { ApiError } from '@/lib/api-client';

import { Button } from './button';

interface StateProps {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ icon: Icon, title, children, action }: StateProps) {
  return (
    <div className="flex flex-col items-center justify-center gap-1 px-6 py-14 text-center">
      <span className="mb-3 flex size-11 items-center justify-center rounded-xl border border-line bg-sunken text-ink-3">
        <Icon aria-hidden className="size-5" />
      </span>
      <p className="font-medium">{title}</p>
      {children ? <div className="max-w-sm text-ink-2">{children}</div> : null}
      {action ? <div className="mt-4">{action}</div> : null}
    </div>
  );
}

export function NoPermission({ children }: { children?: ReactNode }) {
  return (
    <EmptyState icon={Lock} title="You don’t have access to this">
      {children ?? 'Your role doesn’t allow it. An admin of your workspace can change that.'}
    </EmptyState>
  );
}

function titleOf(error: Error): string {
  if (!(error instanceof ApiError)) return 'This could not be loaded';
  if (error.away) return 'The API can’t be reached';
  return error.status === 400 ? 'This search is not valid' : 'This could not be loaded';
}

export function ErrorState({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  if (error instanceof ApiError && error.status === 403) return <NoPermission />;
  const away = error instanceof ApiError && error.away;
  const retry = onRetry ? <Button onClick={onRetry}>Try again</Button> : undefined;
  return (
    <div role="alert">
      <EmptyState icon={away ? CloudOff : TriangleAlert} title={titleOf(error)} action={retry}>
        <p>{away ? 'Check your connection, or try again in a moment.' : error.message}</p>
        {error instanceof ApiError && error.traceId ? <p className="mt-1 font-mono text-xs text-ink-3">Trace id: {error.traceId}</p> : null}
      </EmptyState>
    </div>
  );
}
