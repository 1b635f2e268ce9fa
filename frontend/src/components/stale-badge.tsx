import type { UseQueryResult } from '@tanstack/react-query';
import { History } from 'lucide-react';

import { time } from '@/lib/format';

/** Shows the age of the data beside it when the last refresh failed. */
export function StaleBadge({ query }: { query: Pick<UseQueryResult, 'isError' | 'data' | 'dataUpdatedAt'> }) {
  if (!query.isError || query.data === undefined) return null;
  return (
    <span
      data-status="retrying"
      data-testid="stale"
      title="This could not be refreshed. It shows the state at that time."
      className="tint inline-flex h-6 items-center gap-1.5 rounded-full px-2.5 text-xs font-medium whitespace-nowrap"
    >
      <History aria-hidden className="size-3.5" />
      Stale since {time(query.dataUpdatedAt)}
    </span>
  );
}
