import { QueryClient } from '@tanstack/react-query';

import { ApiError } from './api-client';

/** An answer that says no is final; only an API that is away is asked again, unless that took long already. */
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
      // The API can be away while the browser is online, and the other way round on loopback.
      networkMode: 'always',
      refetchOnWindowFocus: true,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
