import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import type { GivenRole } from '../roles';

const invitationsKey = ['invitations'] as const;

export function useInvitations() {
  return useQuery({ queryKey: invitationsKey, queryFn: ({ signal }) => api.get('/invitations', { signal }) });
}

/** `link` is shown this once. */
export function useInvite() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; role: GivenRole }) => api.post('/invitations', { body }),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: invitationsKey }); },
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
