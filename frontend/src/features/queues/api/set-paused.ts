import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import { queuesKey } from './list-queues';

export function useSetPaused() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, paused, tenant }: { name: string; paused: boolean; tenant: string | undefined }) => api.post(paused ? '/queues/{name}/pause' : '/queues/{name}/resume', { path: { name }, query: tenant ? { tenant } : {} }),
    onSuccess: (_answer, { name, paused }) => {
      toasts.success(paused ? `${name} is paused; jobs already running will finish` : `${name} is running again`);
      void queries.invalidateQueries({ queryKey: queuesKey });
    },
    onError: toasts.error,
  });
}
