import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import { workflowsKey } from './list-workflows';

export function useCancelWorkflow() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => (await api.post('/workflows/{id}/cancel', { path: { id } })).workflow,
    onSuccess: ({ status }) => { toasts.success(status === 'cancelled' ? 'Workflow cancelled' : 'The workflow is being cancelled. Running jobs were asked to stop.'); },
    onError: toasts.error,
    onSettled: () => { void queries.invalidateQueries({ queryKey: workflowsKey }); },
  });
}
