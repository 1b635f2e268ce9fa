import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import { queuesKey } from './list-queues';

export interface TaskPause {
  name: string;
  paused: boolean;
  /** In all workspaces. */
  everywhere: boolean;
}

export function usePauseTask() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, paused, everywhere }: TaskPause) => api.post(paused ? '/tasks/{name}/pause' : '/tasks/{name}/resume', { path: { name }, query: { scope: everywhere ? 'all' : 'tenant' } }),
    onSuccess: (_answer, { name, paused }) => { toasts.success(paused ? `Task ${name} paused. Jobs that are already running will finish.` : `Task ${name} resumed`); },
    onError: toasts.error,
    onSettled: () => { void queries.invalidateQueries({ queryKey: queuesKey }); },
  });
}
