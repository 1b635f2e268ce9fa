import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import { outcome, type LimitAction } from '../limits';
import { limitsKey } from './list-limits';

const routes = { pause: '/limits/{name}/pause', resume: '/limits/{name}/resume', reset: '/limits/{name}/reset' } as const;

export function useActOnLimit(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (action: LimitAction) => api.post(routes[action], { path: { name } }),
    onSuccess: (_answer, action) => {
      toasts.success(outcome(name, action));
      void queries.invalidateQueries({ queryKey: limitsKey });
    },
    onError: toasts.error,
  });
}
