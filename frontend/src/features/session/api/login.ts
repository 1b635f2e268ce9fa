import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api, session } from '@/lib/api-client';

import { getMe, meKey } from './get-me';

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
      // What someone else read in this tab before is not this user's to see.
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== meKey[0] });
      queries.setQueryData(meKey, me);
    },
  });
}
