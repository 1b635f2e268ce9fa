import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { secrets } from '@/lib/secrets';
import { toasts } from '@/lib/toasts';

import { webhookSecret } from '../secrets';
import { webhooksKey } from './list-webhooks';

function useAction<T>(mutationFn: (arg: T) => Promise<unknown>, done: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => { toasts.success(done); },
    onError: toasts.error,
    onSettled: () => { void queries.invalidateQueries({ queryKey: webhooksKey }); },
  });
}

export const usePauseWebhook = () => useAction((id: string) => api.post('/webhooks/{id}/pause', { path: { id } }), 'Webhook paused');
export const useResumeWebhook = () => useAction((id: string) => api.post('/webhooks/{id}/resume', { path: { id } }), 'Webhook resumed');
export const useTestWebhook = () => useAction((id: string) => api.post('/webhooks/{id}/test', { path: { id } }), 'Test message on its way');
export const useDeleteWebhook = () => useAction((id: string) => api.delete('/webhooks/{id}', { path: { id } }), 'Webhook deleted');
export const useRedeliver = (id: string) => useAction((delivery: string) => api.post('/webhooks/{id}/deliveries/{delivery_id}/redeliver', { path: { id, delivery_id: delivery } }), 'Delivery on its way');

/** The new secret is shown once, wherever the page is by then. */
export function useRotateSecret() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.post('/webhooks/{id}/rotate', { path: { id }, body: {} }),
    onSuccess: ({ secret }) => {
      secrets.hold(webhookSecret('Rotate the secret', secret));
      void queries.invalidateQueries({ queryKey: webhooksKey });
    },
  });
}
