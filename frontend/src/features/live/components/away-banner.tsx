import { useQueryClient } from '@tanstack/react-query';
import { CloudOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { ApiError } from '@/lib/api-client';
import { time } from '@/lib/format';
import { useLiveState } from '@/live/use-live';

/** When the oldest shown data that failed to refresh was read, 0 if none was; null while the API answers. */
function useAwaySince(): number | null {
  const cache = useQueryClient().getQueryCache();
  return useSyncExternalStore(
    (changed) => cache.subscribe(changed),
    () => {
      const failed = cache.findAll({ type: 'active' }).filter(({ state }) => state.error instanceof ApiError && state.error.away);
      const reads = failed.map(({ state }) => state.dataUpdatedAt).filter((at) => at > 0);
      if (failed.length === 0) return null;
      return reads.length > 0 ? Math.min(...reads) : 0;
    },
  );
}

export function AwayBanner() {
  const since = useAwaySince();
  const live = useLiveState();
  if (since === null) return null;
  const offline = live.kind === 'offline' && live.retryAt === null;
  return (
    <div role="alert" data-testid="away-banner" data-status="retrying" className="tint flex items-center gap-2.5 border-b border-line px-4 py-2 sm:px-6 lg:px-8">
      <CloudOff aria-hidden className="size-4 shrink-0" />
      <p>
        {offline ? 'You are offline. ' : 'The API can’t be reached. '}
        {since > 0 ? `What you see is from ${time(since)} and may have changed.` : 'Data appears as soon as the API responds.'}
      </p>
    </div>
  );
}
