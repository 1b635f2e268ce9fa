import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import { alertsKey } from './list-alerts';

function useAction<T>(mutationFn: (arg: T) => Promise<unknown>, done: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => { toasts.success(done); },
    onError: toasts.error,
    onSettled: () => { void queries.invalidateQueries({ queryKey: alertsKey }); },
  });
}

export const useMuteAlert = (id: string) => useAction((forS: number) => api.post('/alerts/{id}/mute', { path: { id }, body: { forS } }), 'Alert rule muted');
export const useUnmuteAlert = () => useAction((id: string) => api.post('/alerts/{id}/unmute', { path: { id } }), 'Alert rule tells again');
export const useDeleteAlert = () => useAction((id: string) => api.delete('/alerts/{id}', { path: { id } }), 'Alert rule deleted');
