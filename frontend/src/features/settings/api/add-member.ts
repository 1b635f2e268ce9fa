import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import type { GivenRole } from '../roles';

import { membersKey } from './list-members';

export interface NewMember {
  username: string;
  email: string;
  role: GivenRole;
}

/** `password` was generated and is shown this once. */
export function useAddMember() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (member: NewMember) => api.post('/members', { body: member }),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: membersKey }); },
  });
}
