import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api, session } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import { sessionEnd } from '../ended';
import { became, tellTabs } from '../identity';

export function useLogout() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.post('/logout'),
    onSuccess: () => {
      session.remember(undefined);
      sessionEnd.set(null);
      became(queries, null);
      tellTabs('logged-out');
    },
    onError: toasts.error,
  });
}
