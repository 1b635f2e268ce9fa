import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';
import type { LimitChange } from '@/types';

import { limitsKey } from './list-limits';

export function useChangeLimit(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: LimitChange) => api.put('/limits/{name}', { path: { name }, body }),
    onSuccess: () => {
      toasts.success(`Limit ${name} changed`);
      void queries.invalidateQueries({ queryKey: limitsKey });
    },
  });
}
