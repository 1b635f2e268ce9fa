import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import { queuesKey } from './list-queues';

export function useSetPaused() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, paused, tenant }: { name: string; paused: boolean; tenant: string | undefined }) => api.post(paused ? '/queues/{name}/pause' : '/queues/{name}/resume', { path: { name }, query: tenant ? { tenant } : {} }),
    onSuccess: (_answer, { name, paused }) => {
      toasts.success(paused ? `Queue ${name} paused. Jobs that are already running will finish.` : `Queue ${name} resumed`);
      void queries.invalidateQueries({ queryKey: queuesKey });
    },
    onError: toasts.error,
  });
}
