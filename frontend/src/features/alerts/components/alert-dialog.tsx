import { useDeferredValue, useState, type SubmitEvent } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { SelectField, TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { useCaller } from '@/features/session/use-caller';
import type { Alert, AlertKind } from '@/types';

import { useSaveAlert } from '../api/save-alert';
import { blankForm, formOf, kindLabel, kinds, mayBeForAll, ruleOf, usual, type AlertForm } from '../alerts';
import { AlertFields } from './alert-fields';
import { AlertPreview } from './alert-preview';

interface AlertDialogProps {
  /** The rule to change; absent for a new one. */
  known?: Alert;
  onClose: () => void;
}

const atFields = ['name', 'threshold', 'windowS', 'minJobs', 'queue', 'task', 'schedule', 'forS', 'repeatS'];

/** Another kind has another usual threshold, and perhaps no scope of all. */
const ofKind = (kind: AlertKind, { scope }: AlertForm): Partial<AlertForm> => ({ kind, threshold: usual[kind], scope: mayBeForAll(kind) ? scope : 'tenant' });

export function AlertDialog({ known, onClose }: AlertDialogProps) {
  const { role } = useCaller();
  const [form, setForm] = useState(() => (known ? formOf(known) : blankForm));
  const shown = useDeferredValue(form);
  const save = useSaveAlert(known?._id);
  const rule = ruleOf(form);
  const change = (part: Partial<AlertForm>): void => { setForm({ ...form, ...part }); };
  const wrong = (field: string) => fieldError(save.error, field);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (rule && !save.isPending) save.mutate(rule, { onSuccess: onClose });
  };
  return (
    <Dialog wide title={known ? `Change ${known.name}` : 'New alert rule'} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField label="Name" data-autofocus required maxLength={100} autoComplete="off" value={form.name} placeholder="Mail is stuck" error={wrong('name')} onChange={(event) => { change({ name: event.target.value }); }} />
          <SelectField label="Watches" value={form.kind} disabled={known !== undefined} onChange={(event) => { change(ofKind(event.target.value as AlertKind, form)); }}>
            {kinds.map((kind) => <option key={kind} value={kind}>{kindLabel[kind]}</option>)}
          </SelectField>
        </div>
        <AlertFields form={form} operator={role === 'operator'} known={known !== undefined} wrong={wrong} change={change} />
        <AlertPreview form={shown} />
        <label className="flex items-center gap-2 text-[0.8125rem]"><input type="checkbox" checked={form.enabled} onChange={(event) => { change({ enabled: event.target.checked }); }} />Enabled</label>
        <FormError error={atFields.some((field) => wrong(field)) ? null : save.error} />
        <div className="flex justify-end gap-2"><Button onClick={onClose}>Close</Button><Button kind="primary" type="submit" busy={save.isPending} disabled={!rule}>{known ? 'Save' : 'Create rule'}</Button></div>
      </form>
    </Dialog>
  );
}
