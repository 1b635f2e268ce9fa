import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

import type { EditorHandle } from './json-editor';

interface JsonFieldProps {
  label: string;
  value: string;
  invalid: boolean;
  onChange: (text: string) => void;
}

/** Puts the editor into an element as soon as its code is there; until then, and without it, there is a plain field. */
function useEditor({ label, value, invalid, onChange }: JsonFieldProps) {
  const host = useRef<HTMLDivElement>(null);
  const plain = useRef<HTMLTextAreaElement>(null);
  const editor = useRef<EditorHandle>(null);
  const [ready, setReady] = useState(false);
  const changed = useEffectEvent(onChange);
  const start = useEffectEvent((create: typeof import('./json-editor').createEditor) => {
    if (!host.current) return;
    const focused = document.activeElement === plain.current;
    editor.current = create(host.current, { label, text: value, onChange: (text) => { changed(text); } });
    editor.current.describe(invalid);
    // in one step: two fields of that name must never be there, and one that is hidden takes no focus
    flushSync(() => { setReady(true); });
    if (focused) editor.current.focus();
  });
  useEffect(() => {
    let wanted = true;
    import('./json-editor').then(({ createEditor }) => { if (wanted) start(createEditor); }, () => undefined);
    return () => {
      wanted = false;
      editor.current?.destroy();
      editor.current = null;
    };
  }, []);
  useEffect(() => { editor.current?.set(value); }, [value]);
  useEffect(() => { editor.current?.describe(invalid); }, [invalid]);
  return { host, plain, ready };
}

export function JsonField(props: JsonFieldProps) {
  const { host, plain, ready } = useEditor(props);
  return (
    <>
      <div ref={host} hidden={!ready} data-testid="editor" className="overflow-hidden rounded-lg border border-line-strong p-1 [--editor-size:0.75rem] pointer-coarse:[--editor-size:1rem]" />
      {ready ? null : (
        <textarea ref={plain} aria-label={props.label} spellCheck={false} autoComplete="off" rows={8} value={props.value} aria-invalid={props.invalid} onChange={(event) => { props.onChange(event.target.value); }} className="field min-h-36 resize-y font-mono text-xs leading-5" />
      )}
    </>
  );
}
