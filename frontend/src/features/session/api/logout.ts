import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api, session } from '@/lib/api-client';

import { meKey } from './get-me';

export function useLogout() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.post('/logout'),
    onSuccess: () => {
      session.remember(undefined);
      queries.clear();
      queries.setQueryData(meKey, null);
    },
  });
}
