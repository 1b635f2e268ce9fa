import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { queryOf, type ListFilter } from '@/features/session/use-list-filter';
import { api } from '@/lib/api-client';
import type { Workflow } from '@/types';

/** All that is read of workflows: lists, one. */
export const workflowsKey = ['workflows'] as const;
/** One workflow; without an id, each. */
export const workflowKey = (id?: string) => [...workflowsKey, 'one', ...(id === undefined ? [] : [id])] as const;
const LIMIT = 50;

export function useWorkflows(filter: ListFilter) {
  return useQuery({
    queryKey: [...workflowsKey, 'list', filter],
    queryFn: ({ signal }) => api.get('/workflows', { query: { ...queryOf(filter, LIMIT), ...(filter.status && { status: filter.status as Workflow['status'] }) }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
}
