import type { SubmitEvent } from 'react';

import { Button } from '@/components/button';
import { TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { formText } from '@/lib/form-text';
import type { WorkspaceSettings } from '@/types';

import { useChangeWorkspace, useWorkspace } from '../api/workspace';
import { boundsOf, changesOf, workspaceFields } from '../workspace';

interface FormProps {
  settings: WorkspaceSettings;
  defaults: WorkspaceSettings;
  maxima: WorkspaceSettings;
}

function Form({ settings, defaults, maxima }: FormProps) {
  const change = useChangeWorkspace();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const changes = changesOf(formText(event.currentTarget), settings);
    if (Object.keys(changes).length > 0) change.mutate(changes);
  };
  const wrong = workspaceFields.map(({ name }) => fieldError(change.error, name)).find(Boolean);
  return (
    <form onSubmit={submit} className="flex max-w-md flex-col gap-4 px-4 pt-2 pb-4">
      {workspaceFields.map((field) => (
        <TextField key={`${field.name}:${String(settings[field.name])}`} label={field.label} name={field.name} type="number" min={field.name === 'weight' ? 0.1 : 0} step={field.name === 'weight' ? 0.1 : 1} defaultValue={settings[field.name]} placeholder={String(defaults[field.name])} hint={boundsOf(field, defaults[field.name], maxima[field.name])} error={fieldError(change.error, field.name)} />
      ))}
      <FormError error={wrong ? null : change.error} />
      <div><Button kind="primary" type="submit" busy={change.isPending}>Save</Button></div>
    </form>
  );
}

export function WorkspaceForm() {
  const workspace = useWorkspace();
  return (
    <Section title="Workspace" aside={<StaleBadge query={workspace} />}>
      <QueryView query={workspace} skeleton={<SkeletonRows rows={7} />}>
        {({ settings, defaults, maxima }) => <Form settings={settings} defaults={defaults} maxima={maxima} />}
      </QueryView>
    </Section>
  );
}
