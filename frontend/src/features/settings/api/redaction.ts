import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

const redactionKey = ['tenant-redaction'] as const;

/** The paths that the workspace redacts in payloads and results. */
export function useRedaction() {
  return useQuery({ queryKey: redactionKey, queryFn: ({ signal }) => api.get('/tenant/redaction', { signal }) });
}

export function useSetRedaction() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (paths: string[]) => api.put('/tenant/redaction', { body: { paths } }),
    onSuccess: (answer) => {
      queries.setQueryData(redactionKey, answer);
      toasts.success('Redaction saved');
      return queries.invalidateQueries({ queryKey: ['job'] });
    },
  });
}
