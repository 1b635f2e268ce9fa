import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import { queuesKey } from './list-queues';

/** What one button pauses: all queues of a workspace, or of all workspaces. */
export type Wide = { tenant: string } | 'everything';

/** The pauses that hold for all queues of a workspace. */
export function usePauses(tenant: string) {
  return useQuery({ queryKey: [...queuesKey, 'pauses', tenant], queryFn: ({ signal }) => api.get('/pauses', { query: { tenant }, signal }), refetchInterval: 10_000 });
}

const call = (wide: Wide, paused: boolean) => {
  if (wide === 'everything') return api.post(paused ? '/pause' : '/resume');
  return api.post(paused ? '/tenants/{id}/pause' : '/tenants/{id}/resume', { path: { id: wide.tenant } });
};

export function usePauseAll(wide: Wide) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (paused: boolean) => call(wide, paused),
    onSuccess: (_answer, paused) => { toasts.success(paused ? 'Paused. Jobs that are already running will finish.' : 'Resumed'); },
    onError: toasts.error,
    onSettled: () => { void queries.invalidateQueries({ queryKey: queuesKey }); },
  });
}
