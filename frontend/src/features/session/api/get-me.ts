import { useQuery, useQueryClient } from '@tanstack/react-query';

import { api, ApiError, session } from '@/lib/api-client';
import { startedAt } from '@/live/live-store';
import type { User } from '@/types';

import { keepsPage, sessionEnd } from '../ended';
import { forget } from '../forget';

export const meKey = ['me'] as const;

/** Who is logged in, or null. Also fetches the CSRF token, which is kept in memory only. */
export async function getMe(): Promise<User | null> {
  try {
    const answer = await api.get('/me');
    session.remember(answer.csrfToken);
    startedAt.note(answer.lastEventId);
    return answer.user;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export function useMe() {
  const queries = useQueryClient();
  return useQuery({
    queryKey: meKey,
    queryFn: async () => {
      const known = queries.getQueryData<User | null>(meKey);
      const me = await getMe();
      if (known && me && me._id !== known._id) forget(queries);
      // The log-in then stands over the page (see `LogInAgain`).
      return me ?? (known && keepsPage(sessionEnd.read() ?? '') ? known : null);
    },
    staleTime: 60_000,
    refetchInterval: (query) => (query.state.status === 'error' ? 3_000 : false),
  });
}
