import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';
import type { NewAlert } from '@/types';

import { changeOf } from '../alerts';
import { alertsKey } from './list-alerts';

/** Creates a rule, or changes the one with `id`. */
export function useSaveAlert(id: string | undefined) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewAlert) => (id === undefined ? api.post('/alerts', { body }) : api.patch('/alerts/{id}', { path: { id }, body: changeOf(body) })),
    onSuccess: ({ alert }) => {
      toasts.success(id === undefined ? `Created ${alert.name}` : `Changed ${alert.name}`);
      void queries.invalidateQueries({ queryKey: alertsKey });
    },
  });
}
