import { useState, type SubmitEvent } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { PayloadEditor } from '@/features/jobs/components/payload-editor';
import { checkJson } from '@/features/jobs/payload';
import { drafts, useDraft } from '@/lib/drafts';
import { eventsAwaited } from '@/lib/waits';
import type { JobDetail } from '@/types';

import { useSendEvent } from '../api/send-event';
import { eventNameProblem } from '../steps';

interface SendEventDialogProps {
  job: JobDetail;
  /** The event that the job waits for; empty if it waits for none. */
  name: string;
  onClose: () => void;
}

/** Sends an event; what was written stays if that fails, or if the dialog is closed. */
export default function SendEventDialog({ job, name, onClose }: SendEventDialogProps) {
  const key = `event:${job._id}:${name}`;
  const [draft, setDraft] = useDraft(key, { name, text: '{}' });
  const send = useSendEvent(job._id);
  const checked = checkJson(draft.text);
  const waits = eventsAwaited(job);
  const [pressed, setPressed] = useState(false);
  const wrong = (pressed ? eventNameProblem(draft.name) : undefined) ?? fieldError(send.error, 'name');
  const edit = (change: Partial<typeof draft>): void => {
    setDraft({ ...draft, ...change });
    if (send.isError) send.reset();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setPressed(true);
    if (!checked.ok || send.isPending || eventNameProblem(draft.name) !== undefined) return;
    send.mutate({ name: draft.name, data: checked.value }, { onSuccess: () => { drafts.drop(key); onClose(); } });
  };
  return (
    <Dialog wide title="Send event" description={`To “${job.name}”. The first step that waits for an event of this name takes it.`} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name" autoComplete="off" spellCheck={false} data-autofocus={name ? undefined : true} value={draft.name} onChange={(event) => { edit({ name: event.target.value }); }} error={wrong} hint={waits.length > 0 ? `The job waits for ${waits.join(', ')}` : 'The job waits for no event now; this one is kept until a step does'} />
        <PayloadEditor label="Body" value={draft.text} check={checkJson} onChange={(text) => { edit({ text }); }} />
        <FormError error={wrong ? null : send.error} />
        <div className="sticky -bottom-5 -mx-5 -mb-5 flex justify-end gap-2 border-t border-line bg-sunken px-5 py-3">
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" type="submit" busy={send.isPending} disabled={!checked.ok}>Send event</Button>
        </div>
      </form>
    </Dialog>
  );
}
