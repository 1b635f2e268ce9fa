import { CopyButton } from '@/components/copy-button';
import { JsonView } from '@/components/json-view';
import { Section } from '@/components/page';

export function JsonPanel({ title, value }: { title: string; value: unknown }) {
  const empty = value === null || value === undefined;
  return (
    <Section title={title} aside={empty ? null : <CopyButton text={JSON.stringify(value, null, 2)} label={`Copy the ${title.toLowerCase()}`} />}>
      {empty ? <p className="px-4 pb-4 text-ink-3">None</p> : <JsonView value={value} label={title} />}
    </Section>
  );
}
