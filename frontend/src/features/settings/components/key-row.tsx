import { Trash2 } from 'lucide-react';
import { useState } from 'react';

import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { dateTime, relative } from '@/lib/format';
import { useNow } from '@/lib/use-now';
import type { ApiKey } from '@/types';

import { useRevokeApiKey } from '../api/revoke-api-key';

function RevokeButton({ apiKey }: { apiKey: ApiKey }) {
  const [open, setOpen] = useState(false);
  const revoke = useRevokeApiKey();
  const close = (): void => { setOpen(false); };
  return (
    <>
      <IconButton label={`Revoke ${apiKey.name}`} onClick={() => { setOpen(true); }}><Trash2 /></IconButton>
      {open ? (
        <Dialog title={`Revoke ${apiKey.name}`} onClose={close} footer={<><Button onClick={close}>Back</Button><Button kind="danger" busy={revoke.isPending} onClick={() => { revoke.mutate(apiKey._id, { onSuccess: close }); }}>Revoke</Button></>}>
          <p className="text-ink-2">Calls with this key are refused from now on. Its jobs are kept.</p>
        </Dialog>
      ) : null}
    </>
  );
}

export function KeyRow({ apiKey, owner }: { apiKey: ApiKey; owner: string | undefined }) {
  const now = useNow();
  const used = apiKey.lastUsedAt ? `used ${relative(apiKey.lastUsedAt, now)}` : 'never used';
  const expiry = apiKey.expiresAt ? `${apiKey.expired ? 'expired' : 'expires'} ${dateTime(apiKey.expiresAt)}` : 'does not expire';
  return (
    <li className="flex items-center gap-3 border-t border-line px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{apiKey.name}{apiKey.expired ? <span className="ml-2 text-xs font-normal text-dlq">expired</span> : null}</p>
        <p className="truncate font-mono text-xs text-ink-2">{apiKey.scopes.join(' ')}</p>
        <p className="text-xs text-ink-3">{[`by ${owner ?? 'a removed member'}`, used, expiry].join(' · ')}</p>
        <p className="truncate font-mono text-xs text-ink-3">{apiKey.prefix}…</p>
      </div>
      <RevokeButton apiKey={apiKey} />
    </li>
  );
}
