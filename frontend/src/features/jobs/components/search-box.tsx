import { Search } from 'lucide-react';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';

import { useHotkeys } from '@/lib/use-hotkeys';

const PAUSE_MS = 250;

interface SearchBoxProps {
  name?: string;
  value: string;
  placeholder: string;
  onChange: (text: string) => void;
}

/** A search field that waits for a pause in typing; `/` focuses it. */
export function SearchBox({ name = 'Search jobs', value, placeholder, onChange }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const [sent, setSent] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const keys = useMemo(() => ({ '/': () => input.current?.focus() }), []);
  useHotkeys(keys);
  // The URL changed from elsewhere: a link, the palette, back. What was sent from here may arrive when more has been typed.
  if (value !== seen) {
    setSeen(value);
    setSent(value);
    if (value !== sent) setText(value);
  }
  const commit = useEffectEvent(() => {
    const next = text.trim();
    if (next === sent) return;
    setSent(next);
    onChange(next);
  });
  useEffect(() => {
    const timer = setTimeout(commit, PAUSE_MS);
    return () => { clearTimeout(timer); };
  }, [text]);
  return (
    <label className="relative flex min-w-0 flex-1 basis-56 items-center max-sm:basis-full">
      <span className="sr-only">{name}</span>
      <Search aria-hidden className="pointer-events-none absolute left-2.5 size-4 text-ink-3" />
      <input ref={input} type="search" value={text} placeholder={placeholder} onChange={(event) => { setText(event.target.value); }} className="field pr-8 pl-8.5" />
      <kbd aria-hidden className="pointer-events-none absolute right-2.5 rounded border border-line bg-sunken px-1.5 font-mono text-2xs text-ink-3 max-md:hidden">/</kbd>
    </label>
  );
}
