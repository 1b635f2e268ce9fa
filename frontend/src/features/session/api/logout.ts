import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api, session } from '@/lib/api-client';

import { meKey } from './get-me';

export function useLogout() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.post('/logout'),
    onSuccess: () => {
      session.remember(undefined);
      queries.setQueryData(meKey, null);
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== meKey[0] });
    },
  });
}
