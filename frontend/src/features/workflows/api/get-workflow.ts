import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { jobBook } from '@/live/job-book';

import { settled } from '../live-nodes';
import { workflowKey } from './list-workflows';

/** A workflow with its nodes; a state that events brought and that ends a job is not undone by an older answer. */
export function useWorkflow(id: string) {
  return useQuery({
    queryKey: workflowKey(id),
    queryFn: async ({ signal }) => settled((await api.get('/workflows/{id}', { path: { id }, signal })).workflow, jobBook),
    refetchInterval: 30_000,
  });
}
