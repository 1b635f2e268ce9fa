import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api, session } from '@/lib/api-client';

import { became, tellTabs } from '../identity';
import { getMe } from './get-me';

export interface Credentials {
  email: string;
  password: string;
}

/** Sets the session cookie; the token in the answer is for API clients and is dropped here. */
export function useLogin() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (credentials: Credentials) => {
      const { csrfToken } = await api.post('/login', { body: { ...credentials, cookie: true } });
      session.remember(csrfToken);
      return getMe();
    },
    onSuccess: (me) => {
      became(queries, me);
      tellTabs('session');
    },
  });
}
