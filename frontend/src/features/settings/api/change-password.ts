import { useMutation } from '@tanstack/react-query';

import { getMe } from '@/features/session/api/get-me';
import { tellTabs } from '@/features/session/identity';
import { api, session } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

export interface Passwords {
  currentPassword: string;
  newPassword: string;
}

/** Ends the sessions elsewhere; this one gets a new cookie and with it a new CSRF token. */
export function useChangePassword() {
  return useMutation({
    mutationFn: async (passwords: Passwords) => {
      const { csrfToken } = await api.post('/me/password', { body: passwords });
      if (csrfToken) session.remember(csrfToken);
      else await getMe();
    },
    onSuccess: () => {
      toasts.success('Password changed');
      tellTabs('session');
    },
  });
}
