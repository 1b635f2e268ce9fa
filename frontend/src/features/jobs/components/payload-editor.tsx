import { CheckCircle2, Pencil, TriangleAlert, WandSparkles } from 'lucide-react';

import { Button } from '@/components/button';
import type { JsonSchema } from '@/types';

import { checkPayload, tidy, type Checked } from '../payload';
import { JsonField } from './json-field';

interface PayloadEditorProps {
  label?: string;
  value: string;
  schema?: JsonSchema | undefined;
  /** In place of the check for a payload of `schema`. */
  check?: (text: string) => Checked<unknown>;
  /** Unchanged since it was offered: missing values are then not marked as errors. */
  untouched?: boolean;
  onChange: (text: string) => void;
}

function Verdict({ checked, known, untouched }: { checked: Checked<unknown>; known: boolean; untouched: boolean }) {
  if (checked.ok) {
    return <p className="flex items-center gap-1.5 text-xs text-completed"><CheckCircle2 aria-hidden className="size-3.5" />{known ? 'Matches the task’s schema' : 'Valid JSON'}</p>;
  }
  return (
    <ul className={`flex flex-col gap-0.5 text-xs ${untouched ? 'text-ink-2' : 'text-dlq'}`}>
      {checked.problems.slice(0, 5).map((problem) => <li key={problem} className="flex items-start gap-1.5">{untouched ? <Pencil aria-hidden className="mt-0.5 size-3.5 shrink-0" /> : <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />}{problem}</li>)}
    </ul>
  );
}

export function PayloadEditor({ label = 'Payload', value, schema, check, untouched = false, onChange }: PayloadEditorProps) {
  const checked = check ? check(value) : checkPayload(value, schema);
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center justify-between gap-2">
        <span aria-hidden className="text-[0.8125rem] font-medium">{label}</span>
        <Button size="sm" kind="ghost" icon={<WandSparkles />} disabled={!checked.ok} onClick={() => { onChange(tidy(value)); }}>Format</Button>
      </div>
      <JsonField label={label} value={value} invalid={!checked.ok && !untouched} onChange={onChange} />
      <div aria-live="polite"><Verdict checked={checked} known={schema !== undefined} untouched={untouched} /></div>
    </div>
  );
}
