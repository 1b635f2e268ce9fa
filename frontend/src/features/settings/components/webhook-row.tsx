import { KeyRound, Pause, Pencil, Play, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';

import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormError } from '@/components/form-error';
import { dateTime } from '@/lib/format';
import type { Webhook } from '@/types';

import { useDeleteWebhook, usePauseWebhook, useResumeWebhook, useRotateSecret, useTestWebhook } from '../api/webhook-actions';
import { pauseMeaning } from '../webhook-events';
import { WebhookDialog } from './webhook-dialog';

function DeleteDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const remove = useDeleteWebhook();
  return (
    <Dialog title="Delete webhook" onClose={onClose} footer={<><Button onClick={onClose}>Back</Button><Button kind="danger" busy={remove.isPending} onClick={() => { remove.mutate(webhook._id, { onSuccess: onClose }); }}>Delete</Button></>}>
      <p className="break-all text-ink-2">Nothing more is sent to {webhook.url}. Its deliveries are deleted too.</p>
    </Dialog>
  );
}

function RotateDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const rotate = useRotateSecret();
  const footer = <><Button onClick={onClose}>Back</Button><Button kind="primary" busy={rotate.isPending} onClick={() => { rotate.mutate(webhook._id, { onSuccess: onClose }); }}>New secret</Button></>;
  return (
    <Dialog title="Rotate the secret" onClose={rotate.isPending ? undefined : onClose} footer={footer}>
      <p className="text-ink-2">For a day, messages are signed with both secrets. Configure the new one at the receiver meanwhile.</p>
      <FormError error={rotate.error} />
    </Dialog>
  );
}

const dialogs = { change: WebhookDialog, rotate: RotateDialog, delete: DeleteDialog };

/** What sends, and what holds it. */
function PauseButtons({ webhook, name }: { webhook: Webhook; name: string }) {
  const pause = usePauseWebhook();
  const resume = useResumeWebhook();
  const test = useTestWebhook();
  if (webhook.status === 'paused') return <IconButton label={`Resume ${name}`} aria-busy={resume.isPending} onClick={() => { resume.mutate(webhook._id); }}><Play /></IconButton>;
  return (
    <>
      <IconButton label={`Test ${name}`} onClick={() => { test.mutate(webhook._id); }}><Send /></IconButton>
      <IconButton label={`Pause ${name}`} aria-busy={pause.isPending} onClick={() => { pause.mutate(webhook._id); }}><Pause /></IconButton>
    </>
  );
}

function notesOf({ failures, failingSince, oldSecretUntil }: Webhook, owner = 'a removed member'): string {
  const notes = [`by ${owner}`];
  if (failures > 0 && failingSince) notes.push(`failing since ${dateTime(failingSince)}`);
  if (oldSecretUntil) notes.push(`old secret until ${dateTime(oldSecretUntil)}`);
  return notes.join(' · ');
}

export function WebhookRow({ webhook, owner }: { webhook: Webhook; owner: string | undefined }) {
  const [open, setOpen] = useState<keyof typeof dialogs>();
  const name = webhook.description || webhook.url;
  const Opened = open && dialogs[open];
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="truncate font-medium"><Link className="hover:underline" to={`/settings/webhooks?webhook=${webhook._id}`}>{name}</Link>{webhook.reason ? <span className="ml-2 text-xs font-normal text-dlq">{pauseMeaning[webhook.reason]}</span> : null}</p>
        {webhook.description ? <p className="truncate font-mono text-xs text-ink-2">{webhook.url}</p> : null}
        <p className="font-mono text-xs break-words text-ink-2">{webhook.events.join(' ')}</p>
        <p className="text-xs text-ink-3">{notesOf(webhook, owner)}</p>
      </div>
      <div className="flex">
        <PauseButtons webhook={webhook} name={name} />
        <IconButton label={`Change ${name}`} onClick={() => { setOpen('change'); }}><Pencil /></IconButton>
        <IconButton label={`Rotate the secret of ${name}`} onClick={() => { setOpen('rotate'); }}><KeyRound /></IconButton>
        <IconButton label={`Delete ${name}`} onClick={() => { setOpen('delete'); }}><Trash2 /></IconButton>
      </div>
      {Opened ? <Opened webhook={webhook} onClose={() => { setOpen(undefined); }} /> : null}
    </li>
  );
}
