import { useState, type SubmitEvent } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import type { Limit } from '@/types';

import { useChangeLimit } from '../api/change-limit';
import { changesOf, formOf, type LimitForm } from '../limits';

interface ChangeLimitDialogProps {
  limit: Limit;
  /** For whom it is changed. */
  whom: string;
  onClose: () => void;
}

const fields: { name: keyof LimitForm; label: string; hint: string; numeric: boolean }[] = [
  { name: 'concurrency', label: 'Concurrency', hint: 'Jobs that may run at once; for each key, if it has keys', numeric: true },
  { name: 'rate', label: 'Rate', hint: 'Starts per time, such as 100/s, 30/min or 5/h', numeric: false },
  { name: 'burst', label: 'Burst', hint: 'Starts that may follow at once', numeric: true },
  { name: 'total', label: 'Total', hint: 'Jobs of all keys together that may run at once', numeric: true },
];

export function ChangeLimitDialog({ limit: given, whom, onClose }: ChangeLimitDialogProps) {
  // What was read when it opened: a change by others must not turn into one by whoever has it open.
  const [limit] = useState(given);
  const [form, setForm] = useState(() => formOf(limit));
  const change = useChangeLimit(limit.name);
  const shown = fields.filter(({ name }) => name !== 'total' || limit.declared.total !== null);
  const changes = changesOf(limit, form);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (Object.keys(changes).length > 0) change.mutate(changes, { onSuccess: onClose });
    else onClose();
  };
  return (
    <Dialog title={`Change ${limit.name}`} description={`For ${whom}, until it is reset. An empty field is no limit.`} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {shown.map(({ name, label, hint, numeric }) => (
          <TextField key={name} label={label} hint={hint} inputMode={numeric ? 'numeric' : 'text'} maxLength={16} autoComplete="off" value={form[name]} onChange={(event) => { setForm({ ...form, [name]: event.target.value }); }} error={fieldError(change.error, name)} />
        ))}
        <FormError error={shown.some(({ name }) => fieldError(change.error, name)) ? null : change.error} />
        <div className="flex justify-end gap-2"><Button onClick={onClose}>Close</Button><Button kind="primary" type="submit" busy={change.isPending}>Change</Button></div>
      </form>
    </Dialog>
  );
}
