import { useMutation, useQueryClient } from '@tanstack/react-query';

import { sessionEnd } from '@/features/session/ended';
import { became, tellTabs } from '@/features/session/identity';
import { api, session } from '@/lib/api-client';

interface Confirmation {
  currentPassword: string;
  name: string;
}

/** Deletes the account, or the workspace with everybody in it; the log-in follows. */
export function useDelete(what: 'account' | 'workspace') {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Confirmation) => (what === 'account' ? api.post('/me/delete', { body }) : api.post('/tenant/delete', { body })),
    onSuccess: () => {
      session.remember(undefined);
      sessionEnd.set(null);
      became(queries, null);
      tellTabs('logged-out');
    },
  });
}
