import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';
import type { Notifications } from '@/types';

const notificationsKey = ['notifications'] as const;

export function useNotifications() {
  return useQuery({ queryKey: notificationsKey, queryFn: async ({ signal }) => (await api.get('/me/notifications', { signal })).notifications });
}

export function useSetNotifications() {
  const queries = useQueryClient();
  return useMutation({
    scope: { id: 'notifications' }, // one after the other
    mutationFn: async (body: Notifications) => (await api.put('/me/notifications', { body })).notifications,
    onSuccess: (stored) => { queries.setQueryData(notificationsKey, stored); },
    onError: toasts.error,
  });
}
