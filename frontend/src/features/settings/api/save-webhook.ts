import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { secrets } from '@/lib/secrets';
import type { WebhookEvent } from '@/types';

import { webhookSecret } from '../secrets';
import { webhooksKey } from './list-webhooks';

export interface WebhookForm {
  url: string;
  description: string;
  events: WebhookEvent[];
}

/** Creates a webhook, or changes the one with `id`. Only a new one has a secret, which is shown once, wherever the page is by then. */
export function useSaveWebhook(id: string | undefined) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (form: WebhookForm): Promise<string | null> => {
      if (id === undefined) return (await api.post('/webhooks', { body: form })).secret;
      await api.patch('/webhooks/{id}', { path: { id }, body: form });
      return null;
    },
    onSuccess: (secret) => {
      if (secret !== null) secrets.hold(webhookSecret('New webhook', secret));
      void queries.invalidateQueries({ queryKey: webhooksKey });
    },
  });
}
