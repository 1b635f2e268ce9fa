import type { SubmitEvent } from 'react';

import { Button } from '@/components/button';
import { Field } from '@/components/field';
import { FormError } from '@/components/form-error';
import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { formText } from '@/lib/form-text';

import { useRedaction, useSetRedaction } from '../api/redaction';

function Form({ paths }: { paths: string[] }) {
  const save = useSetRedaction();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget)('paths');
    save.mutate(text.split('\n').map((line) => line.trim()).filter(Boolean));
  };
  return (
    <form onSubmit={submit} className="flex max-w-md flex-col gap-4 px-4 pt-2 pb-4">
      <Field label="Paths, one a line" hint="Such as card.number or user.*.email. Their values in payloads and results are shown to nobody; tasks get them.">
        {(wiring) => <textarea key={paths.join('\n')} name="paths" rows={4} spellCheck={false} defaultValue={paths.join('\n')} className="field h-auto py-2 font-mono text-xs" {...wiring} />}
      </Field>
      <FormError error={save.error} />
      <div><Button kind="primary" type="submit" busy={save.isPending}>Save</Button></div>
    </form>
  );
}

export function RedactionForm() {
  const redaction = useRedaction();
  return (
    <Section title="Redaction" aside={<StaleBadge query={redaction} />}>
      <QueryView query={redaction} skeleton={<SkeletonRows rows={3} />}>
        {({ paths }) => <Form paths={paths} />}
      </QueryView>
    </Section>
  );
}
