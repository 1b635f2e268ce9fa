import { CheckCircle2, Pencil, TriangleAlert, WandSparkles } from 'lucide-react';
import { useId, type KeyboardEvent } from 'react';

import { Button } from '@/components/button';
import type { JsonSchema } from '@/types';

import { checkPayload, type Checked } from '../payload';

interface PayloadEditorProps {
  value: string;
  schema?: JsonSchema | undefined;
  /** Still as it was offered: what is missing is then no mistake of anybody. */
  untouched?: boolean;
  onChange: (text: string) => void;
}

/** A new line begins where the one above does, and deeper after an opening bracket. */
function indent(event: KeyboardEvent<HTMLTextAreaElement>, onChange: (text: string) => void): void {
  if (event.key !== 'Enter') return;
  const { value, selectionStart, selectionEnd } = event.currentTarget;
  const before = value.slice(0, selectionStart);
  const margin = /\n?( *)[^\n]*$/.exec(before)?.[1] ?? '';
  const deeper = /[{[]\s*$/.test(before) ? '  ' : '';
  event.preventDefault();
  const text = `${before}\n${margin}${deeper}`;
  const field = event.currentTarget;
  onChange(text + value.slice(selectionEnd));
  requestAnimationFrame(() => { field.setSelectionRange(text.length, text.length); });
}

function Verdict({ checked, known, untouched }: { checked: Checked; known: boolean; untouched: boolean }) {
  if (checked.ok) {
    return <p className="flex items-center gap-1.5 text-xs text-completed"><CheckCircle2 aria-hidden className="size-3.5" />{known ? 'Fits the schema of the task' : 'Valid JSON'}</p>;
  }
  return (
    <ul className={`flex flex-col gap-0.5 text-xs ${untouched ? 'text-ink-2' : 'text-dlq'}`}>
      {checked.problems.slice(0, 5).map((problem) => <li key={problem} className="flex items-start gap-1.5">{untouched ? <Pencil aria-hidden className="mt-0.5 size-3.5 shrink-0" /> : <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />}{problem}</li>)}
    </ul>
  );
}

export function PayloadEditor({ value, schema, untouched = false, onChange }: PayloadEditorProps) {
  const id = useId();
  const checked = checkPayload(value, schema);
  const tidy = (): void => { if (checked.ok) onChange(JSON.stringify(checked.value, null, 2)); };
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center justify-between gap-2">
        <label htmlFor={id} className="text-[0.8125rem] font-medium">Payload</label>
        <Button size="sm" kind="ghost" icon={<WandSparkles />} disabled={!checked.ok} onClick={tidy}>Tidy up</Button>
      </div>
      <textarea
        id={id}
        spellCheck={false}
        autoComplete="off"
        rows={8}
        value={value}
        aria-invalid={!checked.ok && !untouched}
        aria-describedby={`${id}-verdict`}
        onChange={(event) => { onChange(event.target.value); }}
        onKeyDown={(event) => { indent(event, onChange); }}
        className="field min-h-36 resize-y font-mono text-xs leading-5"
      />
      <div id={`${id}-verdict`} aria-live="polite"><Verdict checked={checked} known={schema !== undefined} untouched={untouched} /></div>
    </div>
  );
}
