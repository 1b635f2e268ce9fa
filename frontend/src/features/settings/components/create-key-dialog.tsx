import { type SubmitEvent, useState } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { SelectField, TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { formText } from '@/lib/form-text';
import type { KeyScope } from '@/types';

import { useCreateApiKey } from '../api/create-api-key';
import { keyScopes, scopeMeaning } from '../key-scopes';

const lives: Record<string, string> = { '30': '30 days', '90': '90 days', '365': 'A year', '': 'Never' };
const DAY_MS = 86_400_000;

export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const create = useCreateApiKey();
  const [scopes, setScopes] = useState<KeyScope[]>(['jobs:read', 'jobs:write']);
  const toggle = (scope: KeyScope): void => { setScopes(scopes.includes(scope) ? scopes.filter((each) => each !== scope) : [...scopes, scope]); };
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    const days = text('days');
    create.mutate({ name: text('name'), scopes, ...(days && { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }) }, { onSuccess: onClose });
  };
  const wrong = fieldError(create.error, 'name');
  return (
    <Dialog title="New API key" onClose={create.isPending ? undefined : onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name" name="name" required maxLength={64} hint="The service that uses it" error={wrong} />
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-[0.8125rem] font-medium">Scopes</legend>
          {keyScopes.map((scope) => (
            <label key={scope} className="flex items-baseline gap-2">
              <input type="checkbox" checked={scopes.includes(scope)} onChange={() => { toggle(scope); }} />
              <span><span className="font-mono text-xs">{scope}</span> <span className="text-xs text-ink-3">{scopeMeaning[scope]}</span></span>
            </label>
          ))}
        </fieldset>
        <SelectField label="Expires after" name="days" defaultValue="365">
          {['30', '90', '365', ''].map((days) => <option key={days} value={days}>{lives[days]}</option>)}
        </SelectField>
        <FormError error={wrong ? null : create.error} />
        <div className="flex justify-end gap-2"><Button onClick={onClose}>Close</Button><Button kind="primary" type="submit" disabled={scopes.length === 0} busy={create.isPending}>Create</Button></div>
      </form>
    </Dialog>
  );
}
