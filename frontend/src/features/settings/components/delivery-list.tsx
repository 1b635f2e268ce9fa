import { Send } from 'lucide-react';
import { Link, useSearchParams } from 'react-router';

import { Button } from '@/components/button';
import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { currentParams } from '@/lib/current-params';

import { useDeliveries } from '../api/list-deliveries';
import { DeliveryRow } from './delivery-row';

/** What a webhook sent, or is to send. */
export function DeliveryList({ webhook, name, canSend }: { webhook: string; name: string; canSend: boolean }) {
  const [params, setParams] = useSearchParams();
  const deliveries = useDeliveries(webhook, params.get('cursor') ?? undefined);
  const turn = (cursor: string | null): void => {
    const next = currentParams();
    next.set('cursor', cursor ?? '');
    setParams(next, { preventScrollReset: true });
  };
  return (
    <Section title="Deliveries" aside={<><StaleBadge query={deliveries} /><Link className="text-[0.8125rem] font-medium hover:underline" to="/settings/webhooks">All webhooks</Link></>}>
      <p className="truncate px-4 text-xs text-ink-3">{name}</p>
      <div className="mt-2">
        <QueryView query={deliveries} skeleton={<SkeletonRows rows={5} />}>
          {({ deliveries: found, prevCursor, nextCursor }) => found.length === 0 ? <EmptyState icon={Send} title="No deliveries">Messages of the last 14 days are listed here.</EmptyState> : (
            <>
              <ul>{found.map((delivery) => <DeliveryRow key={delivery._id} webhook={webhook} delivery={delivery} canSend={canSend} />)}</ul>
              {prevCursor ?? nextCursor ? (
                <nav aria-label="Pages" className="flex justify-end gap-2 border-t border-line px-4 py-2.5">
                  <Button disabled={!prevCursor} onClick={() => { turn(prevCursor); }}>Newer</Button>
                  <Button disabled={!nextCursor} onClick={() => { turn(nextCursor); }}>Older</Button>
                </nav>
              ) : null}
            </>
          )}
        </QueryView>
      </div>
    </Section>
  );
}
