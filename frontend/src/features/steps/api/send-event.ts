import { useMutation, useQueryClient } from '@tanstack/react-query';

import { stepsKey } from '@/features/jobs/api/get-job';
import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

interface NewEvent {
  name: string;
  data: unknown;
}

export function useSendEvent(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ name, data }: NewEvent) => (await api.post('/job/{id}/events/{name}', { path: { id, name }, body: data })).event,
    onSuccess: ({ name }) => {
      toasts.success(`Event “${name}” sent`);
      void queries.invalidateQueries({ queryKey: stepsKey(id) });
    },
  });
}
