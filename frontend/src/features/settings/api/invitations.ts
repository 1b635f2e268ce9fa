import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { secrets } from '@/lib/secrets';
import { toasts } from '@/lib/toasts';

import type { GivenRole } from '../roles';
import { invitationLink } from '../secrets';

const invitationsKey = ['invitations'] as const;

export function useInvitations() {
  return useQuery({ queryKey: invitationsKey, queryFn: ({ signal }) => api.get('/invitations', { signal }) });
}

/** The link is shown once, wherever the page is by then. */
export function useInvite() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; role: GivenRole }) => api.post('/invitations', { body }),
    onSuccess: ({ invitation, link, mailed }) => {
      secrets.hold(invitationLink(invitation.email, link, mailed));
      void queries.invalidateQueries({ queryKey: invitationsKey });
    },
  });
}

export function useRevokeInvitation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete('/invitations/{id}', { path: { id } }),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: invitationsKey }); },
    onError: toasts.error,
  });
}
