import { Trash2 } from 'lucide-react';
import { type SubmitEvent, useState } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { Section } from '@/components/page';
import { formText } from '@/lib/form-text';

import { useDelete } from '../api/delete';

interface DeleteProps {
  what: 'account' | 'workspace';
  /** What goes with it. */
  children: string;
  /** What to write as the name. */
  hint: string;
}

function DeleteDialog({ what, children, hint, onClose }: DeleteProps & { onClose: () => void }) {
  const remove = useDelete(what);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    remove.mutate({ currentPassword: text('password'), name: text('name') });
  };
  const password = fieldError(remove.error, 'currentPassword');
  const name = fieldError(remove.error, 'name');
  return (
    <Dialog title={`Delete the ${what}`} onClose={remove.isPending ? undefined : onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-ink-2">{children} This cannot be undone.</p>
        <TextField label="Name" name="name" required autoComplete="off" maxLength={64} hint={hint} error={name} />
        <TextField label="Current password" name="password" type="password" autoComplete="current-password" required error={password} />
        <FormError error={password ?? name ? null : remove.error} />
        <div className="flex justify-end gap-2"><Button onClick={onClose}>Back</Button><Button kind="danger" type="submit" busy={remove.isPending}>Delete</Button></div>
      </form>
    </Dialog>
  );
}

export function DeleteSection(props: DeleteProps) {
  const [open, setOpen] = useState(false);
  return (
    <Section title={`Delete the ${props.what}`}>
      <div className="px-4 pt-2 pb-4"><Button kind="danger" icon={<Trash2 />} onClick={() => { setOpen(true); }}>{`Delete the ${props.what} …`}</Button></div>
      {open ? <DeleteDialog {...props} onClose={() => { setOpen(false); }} /> : null}
    </Section>
  );
}
