import { useId, useState } from 'react';

import { usePayloadFields, type Sampled } from '../api/list-payload-fields';

interface PayloadPickProps {
  value: string;
  /** The other conditions: paths are suggested from the jobs that meet them. */
  of: Sampled;
  onChange: (payload: string) => void;
}

const complete = (text: string): boolean => text === '' || /^(?:\\.|[^\\=~])+(?:=|~.)/s.test(text);

/** A condition on a field of the payload; Enter, or leaving the field, looks for it. */
export function PayloadPick({ value, of, onChange }: PayloadPickProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const [touched, setTouched] = useState(false);
  const id = useId();
  const fields = usePayloadFields(of, touched).data ?? [];
  // The URL changed from elsewhere.
  if (value !== seen) {
    setSeen(value);
    setText(value);
  }
  const wrong = !complete(text.trim());
  const commit = (): void => { if (!wrong && text.trim() !== value) onChange(text.trim()); };
  return (
    <form className="min-w-0 max-sm:w-full" onSubmit={(event) => { event.preventDefault(); commit(); }}>
      <input
        aria-label="Field of the payload" title="Such as customer.id=42, or customer.name~ada for text that contains it" className="field w-48 font-mono text-xs max-sm:w-full"
        list={id} value={text} placeholder="payload: customer.id=42" maxLength={300} spellCheck={false} autoComplete="off" aria-invalid={touched && wrong && text.includes('=')}
        onFocus={() => { setTouched(true); }} onBlur={commit} onChange={(event) => { setText(event.target.value); }}
      />
      <datalist id={id}>{fields.map((path) => <option key={path} value={`${path}=`} />)}</datalist>
    </form>
  );
}
