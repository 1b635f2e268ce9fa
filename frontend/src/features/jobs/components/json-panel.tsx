import type { ReactNode } from 'react';

import { CopyButton } from '@/components/copy-button';
import { JsonView } from '@/components/json-view';
import { Section } from '@/components/page';
import { writeJson } from '@/lib/json';

interface Props {
  title: string;
  value: unknown;
  aside?: ReactNode;
  /** Shown in place of a value that is not here. */
  instead?: ReactNode;
}

export function JsonPanel({ title, value, aside, instead }: Props) {
  const empty = value === null || value === undefined;
  return (
    <Section title={title} aside={<>{aside}{empty ? null : <CopyButton text={writeJson(value, 2)} label={`Copy the ${title.toLowerCase()}`} />}</>}>
      {empty && instead ? instead : empty ? <p className="px-4 pb-4 text-ink-3">None</p> : <JsonView value={value} label={`${title} as JSON`} />}
    </Section>
  );
}
