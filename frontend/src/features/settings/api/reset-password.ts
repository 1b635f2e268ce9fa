import { useMutation } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { secrets } from '@/lib/secrets';
import type { User } from '@/types';

import { oneTimePassword } from '../secrets';

/** Gives a member another password, which is shown once, wherever the page is by then; ends the member's sessions. */
export function useResetPassword() {
  return useMutation({
    mutationFn: ({ _id: id }: User) => api.post('/members/{id}/password', { path: { id }, body: {} }),
    onSuccess: ({ password }, { username }) => { secrets.hold(oneTimePassword(`New password of ${username}`, username, password ?? '')); },
  });
}
