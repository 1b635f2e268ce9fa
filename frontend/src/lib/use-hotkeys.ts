import { useEffect } from 'react';

type Handler = (event: KeyboardEvent) => void;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** `mod+k` for Ctrl or Cmd, else the key itself, for example `/` or `g j` for two keys in a row. */
function nameOf(event: KeyboardEvent): string {
  return (event.metaKey || event.ctrlKey ? 'mod+' : '') + event.key.toLowerCase();
}

/** Calls the handler of a pressed key, unless someone types or a dialog is open (only `mod+` works there). */
export function useHotkeys(keys: Record<string, Handler>): void {
  useEffect(() => {
    let previous = '';
    const onKey = (event: KeyboardEvent): void => {
      const name = nameOf(event);
      const busy = isTyping(event.composedPath()[0] ?? null) || document.querySelector('dialog[open]') !== null;
      if (event.altKey || (busy && !name.startsWith('mod+'))) return;
      const handler = keys[`${previous} ${name}`] ?? keys[name];
      previous = name;
      if (!handler) return;
      event.preventDefault();
      previous = '';
      handler(event);
    };
    window.addEventListener('keydown', onKey);
    return () => { window.removeEventListener('keydown', onKey); };
  }, [keys]);
}
