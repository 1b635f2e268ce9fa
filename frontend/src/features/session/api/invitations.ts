import { useMutation, useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

import type { NewUser } from './sign-up';

/** What an invitation is for, by the token in its link. */
export function useInvitation(token: string) {
  return useQuery({
    queryKey: ['invitation', token],
    queryFn: async ({ signal }) => (await api.post('/invitations/open', { body: { token }, signal })).invitation,
    retry: false,
    staleTime: Infinity,
  });
}

export function useJoin() {
  return useMutation({ mutationFn: (body: Omit<NewUser, 'email'> & { token: string }) => api.post('/invitations/accept', { body }) });
}
