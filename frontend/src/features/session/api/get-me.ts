import { useQuery } from '@tanstack/react-query';

import { api, ApiError, session } from '@/lib/api-client';
import type { User } from '@/types';

export const meKey = ['me'] as const;

/** Who is logged in, or null. Also fetches the CSRF token, which is kept in memory only. */
export async function getMe(): Promise<User | null> {
  try {
    const answer = await api.get('/me');
    session.remember(answer.csrfToken);
    return answer.user;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export function useMe() {
  return useQuery({ queryKey: meKey, queryFn: getMe, staleTime: 60_000, refetchInterval: (query) => (query.state.status === 'error' ? 3_000 : false) });
}
