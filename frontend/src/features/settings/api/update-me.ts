import { useMutation, useQueryClient } from '@tanstack/react-query';

import { meKey } from '@/features/session/api/get-me';
import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

export interface Profile {
  username: string;
  email: string;
  /** Asked for when the address changes. */
  currentPassword?: string;
}

export function useUpdateMe() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (profile: Profile) => api.patch('/me', { body: profile }),
    onSuccess: () => {
      toasts.success('Profile saved');
      void queries.invalidateQueries({ queryKey: meKey });
    },
  });
}
