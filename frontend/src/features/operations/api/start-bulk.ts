import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import type { BulkRequest, Operation } from '@/types';

import { operationsKey } from './list-operations';

/** Jobs that are changed at once; more are changed by an operation. */
export const AT_ONCE = 1_000;

/** Starts an operation on all jobs of a filter. */
export function useStartBulk() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (request: BulkRequest): Promise<Operation> => {
      const answer = await api.post('/operations', { body: request });
      if (!('operation' in answer)) throw new Error('The API only counted');
      return answer.operation;
    },
    onSuccess: () => { void queries.invalidateQueries({ queryKey: operationsKey }); },
  });
}
