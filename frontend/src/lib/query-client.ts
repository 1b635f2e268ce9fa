import { QueryClient } from '@tanstack/react-query';

import { ApiError } from './api-client';

/** A refusal is final; a request is repeated only while the API is down, unless that took long already. */
function shouldRetry(failures: number, error: Error): boolean {
  return error instanceof ApiError && error.away && error.code !== 'timeout' && failures < 2;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      gcTime: 5 * 60_000,
      retry: shouldRetry,
      retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4_000),
      // The API can be down while the browser is online, and reachable on loopback while it is offline.
      networkMode: 'always',
      refetchOnWindowFocus: true,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
