import { type SubmitEvent, useState } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { formText } from '@/lib/form-text';
import type { Webhook, WebhookEvent } from '@/types';

import { useSaveWebhook } from '../api/save-webhook';
import { eventMeaning, webhookEvents } from '../webhook-events';

interface EventPickerProps {
  chosen: WebhookEvent[];
  onChange: (chosen: WebhookEvent[]) => void;
}

function EventPicker({ chosen, onChange }: EventPickerProps) {
  const toggle = (event: WebhookEvent): void => { onChange(chosen.includes(event) ? chosen.filter((each) => each !== event) : [...chosen, event]); };
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-[0.8125rem] font-medium">Events</legend>
      {webhookEvents.map((event) => (
        <label key={event} className="flex items-baseline gap-2">
          <input type="checkbox" checked={chosen.includes(event)} onChange={() => { toggle(event); }} />
          <span><span className="font-mono text-xs">{event}</span> <span className="text-xs text-ink-3">{eventMeaning[event]}</span></span>
        </label>
      ))}
    </fieldset>
  );
}

const blank = { url: undefined, description: undefined, events: ['job.dead'] };

/** Creates a webhook, or changes `webhook`. */
export function WebhookDialog({ webhook, onClose }: { webhook?: Webhook; onClose: () => void }) {
  const save = useSaveWebhook(webhook?._id);
  const known = webhook ?? blank;
  const [events, setEvents] = useState(known.events as WebhookEvent[]);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    save.mutate({ url: text('url'), description: text('description'), events }, { onSuccess: onClose });
  };
  const wrong = { url: fieldError(save.error, 'url'), description: fieldError(save.error, 'description') };
  return (
    <Dialog title={webhook ? 'Change webhook' : 'New webhook'} onClose={save.isPending ? undefined : onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="URL" name="url" type="url" required maxLength={2048} defaultValue={known.url} placeholder="https://example.com/hooks" error={wrong.url} />
        <TextField label="Description" name="description" maxLength={200} defaultValue={known.description} error={wrong.description} />
        <EventPicker chosen={events} onChange={setEvents} />
        <FormError error={wrong.url ?? wrong.description ? null : save.error} />
        <div className="flex justify-end gap-2"><Button onClick={onClose}>Close</Button><Button kind="primary" type="submit" disabled={events.length === 0} busy={save.isPending}>{webhook ? 'Save' : 'Create'}</Button></div>
      </form>
    </Dialog>
  );
}
