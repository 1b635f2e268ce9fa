import { Plus, Webhook as Icon } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';

import { Button } from '@/components/button';
import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';

import { useWebhooks } from '../api/list-webhooks';
import { DeliveryList } from './delivery-list';
import { WebhookDialog } from './webhook-dialog';
import { WebhookRow } from './webhook-row';

/** The webhooks of the workspace, or the deliveries of the one that the URL names. */
export function WebhookList() {
  const webhooks = useWebhooks();
  const chosen = useSearchParams()[0].get('webhook');
  const [creating, setCreating] = useState(false);
  if (chosen) {
    const webhook = webhooks.data?.webhooks.find(({ _id }) => _id === chosen);
    return <DeliveryList webhook={chosen} name={webhook?.description || webhook?.url || ''} canSend={webhook?.status === 'active'} />;
  }
  return (
    <Section title="Webhooks" aside={<><StaleBadge query={webhooks} /><Button size="sm" icon={<Plus />} onClick={() => { setCreating(true); }}>New webhook</Button></>}>
      <div className="mt-2">
        <QueryView query={webhooks} skeleton={<SkeletonRows rows={3} />}>
          {({ webhooks: found, owners }) => found.length > 0
            ? <ul>{found.map((webhook) => <WebhookRow key={webhook._id} webhook={webhook} owner={owners[webhook.ownerId]} />)}</ul>
            : <EmptyState icon={Icon} title="No webhooks">A webhook sends a signed message to another service when a job, a batch or a workflow ends.</EmptyState>}
        </QueryView>
      </div>
      {creating ? <WebhookDialog onClose={() => { setCreating(false); }} /> : null}
    </Section>
  );
}
