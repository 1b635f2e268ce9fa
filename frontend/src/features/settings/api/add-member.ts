import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { secrets } from '@/lib/secrets';

import type { GivenRole } from '../roles';
import { oneTimePassword } from '../secrets';
import { membersKey } from './list-members';

export interface NewMember {
  username: string;
  email: string;
  role: GivenRole;
}

/** The generated password is shown once, wherever the page is by then. */
export function useAddMember() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (member: NewMember) => api.post('/members', { body: member }),
    onSuccess: ({ member, password }) => {
      secrets.hold(oneTimePassword('Add a member', member.username, password ?? ''));
      void queries.invalidateQueries({ queryKey: membersKey });
    },
  });
}
