import { useNavigate } from 'react-router';
import type { SubmitEvent } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormError } from '@/components/form-error';
import { PayloadEditor } from '@/features/jobs/components/payload-editor';
import { checkPayload } from '@/features/jobs/payload';
import { useScopedLink } from '@/features/session/use-scope';
import { drafts, useDraft } from '@/lib/drafts';
import { toasts } from '@/lib/toasts';
import type { NewWorkflow } from '@/types';

import { useCreateWorkflow } from '../api/create-workflow';
import { exampleDocument, placeOf } from '../new-workflow';

const DRAFT = 'new-workflow';

interface Draft {
  text: string;
  /** One for all tries to create this workflow: a second press after a lost response creates no second one. */
  key: string;
}

export default function NewWorkflowDialog({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useDraft<Draft>(DRAFT, () => ({ text: exampleDocument, key: crypto.randomUUID() }));
  const create = useCreateWorkflow();
  const navigate = useNavigate();
  const to = useScopedLink();
  const checked = checkPayload(draft.text, undefined);
  const place = placeOf(create.error);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!checked.ok || create.isPending) return;
    // The API checks the document whole, and names what is wrong.
    create.mutate({ ...checked.value, idempotencyKey: draft.key } as unknown as NewWorkflow, {
      onSuccess: (workflow) => {
        toasts.success(`Started “${workflow.name}”`);
        drafts.drop(DRAFT);
        void navigate(to(`/workflows/${workflow._id}`));
      },
    });
  };
  const edit = (text: string): void => {
    setDraft({ text, key: create.isError ? crypto.randomUUID() : draft.key });
    create.reset();
  };
  return (
    <Dialog wide title="New workflow" description="Each node becomes a job when the nodes that it needs have ended." onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <PayloadEditor label="Document" value={draft.text} onChange={edit} />
        {place ? <p className="text-dlq">In <code className="font-mono text-xs">{place}</code>:</p> : null}
        <FormError error={create.error} />
        <div className="sticky -bottom-5 -mx-5 -mb-5 flex justify-end gap-2 border-t border-line bg-sunken px-5 py-3">
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" type="submit" busy={create.isPending} disabled={!checked.ok}>Start workflow</Button>
        </div>
      </form>
    </Dialog>
  );
}
