import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';
import type { GivenRole } from '../roles';

import { membersKey } from './list-members';

export function useChangeRole() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, role }: { id: string; role: GivenRole }) => api.patch('/members/{id}', { path: { id }, body: { role } }),
    onSuccess: () => { toasts.success('Role changed'); },
    onError: toasts.error,
    onSettled: () => { void queries.invalidateQueries({ queryKey: membersKey }); },
  });
}
