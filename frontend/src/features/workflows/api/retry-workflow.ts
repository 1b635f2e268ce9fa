import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import { workflowKey, workflowsKey } from './list-workflows';

interface Retry {
  id: string;
  /** Runs again this node and all behind it; null: all that did not complete, and all behind them. */
  node: string | null;
}

export function useRetryWorkflow() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, node }: Retry) => (await api.post('/workflows/{id}/retry', { path: { id }, body: { node } })).workflow,
    onSuccess: (workflow) => {
      toasts.success(`Retry ${String(workflow.run)} of “${workflow.name}” has begun`);
      queries.setQueryData(workflowKey(workflow._id), workflow);
    },
    onError: toasts.error,
    onSettled: () => { void queries.invalidateQueries({ queryKey: workflowsKey }); },
  });
}
