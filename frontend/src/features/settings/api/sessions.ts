import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { sessionEnd } from '@/features/session/ended';
import { became, tellTabs } from '@/features/session/identity';
import { api, session } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

const sessionsKey = ['sessions'] as const;

export function useSessions() {
  return useQuery({ queryKey: sessionsKey, queryFn: async ({ signal }) => (await api.get('/me/sessions', { signal })).sessions });
}

export function useEndSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete('/me/sessions/{id}', { path: { id } }),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: sessionsKey }); },
    onError: toasts.error,
  });
}

/** Also ends this one, so the log-in follows. */
export function useEndAllSessions() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.post('/me/sessions/end'),
    onSuccess: () => {
      session.remember(undefined);
      sessionEnd.set(null);
      became(queries, null);
      tellTabs('logged-out');
    },
    onError: toasts.error,
  });
}
