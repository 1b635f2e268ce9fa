import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import type { NewWorkflow } from '@/types';

import { workflowsKey } from './list-workflows';

export function useCreateWorkflow() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: NewWorkflow) => (await api.post('/workflows', { body })).workflow,
    onSuccess: () => { void queries.invalidateQueries({ queryKey: workflowsKey }); },
  });
}
