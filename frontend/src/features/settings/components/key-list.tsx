import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';

import { Button } from '@/components/button';
import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';

import { useApiKeys } from '../api/list-api-keys';
import { CreateKeyDialog } from './create-key-dialog';
import { KeyRow } from './key-row';

export function KeyList() {
  const keys = useApiKeys();
  const [creating, setCreating] = useState(false);
  return (
    <Section title="API keys" aside={<><StaleBadge query={keys} /><Button size="sm" icon={<Plus />} onClick={() => { setCreating(true); }}>New key</Button></>}>
      <div className="mt-2">
        <QueryView query={keys} skeleton={<SkeletonRows rows={3} />}>
          {({ apiKeys, owners }) => apiKeys.length > 0
            ? <ul>{apiKeys.map((key) => <KeyRow key={key._id} apiKey={key} owner={owners[key.ownerId]} />)}</ul>
            : <EmptyState icon={KeyRound} title="No API keys">A service sends a key in place of a log-in. Its jobs count against the workspace’s quotas.</EmptyState>}
        </QueryView>
      </div>
      {creating ? <CreateKeyDialog onClose={() => { setCreating(false); }} /> : null}
    </Section>
  );
}
