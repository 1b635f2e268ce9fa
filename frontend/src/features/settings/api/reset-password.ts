import { useMutation } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

/** Gives a member another password, which the answer shows this once; ends the member's sessions. */
export function useResetPassword() {
  return useMutation({
    mutationFn: async (id: string) => (await api.post('/members/{id}/password', { path: { id }, body: {} })).password ?? '',
  });
}
