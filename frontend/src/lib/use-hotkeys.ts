import { useEffect, useEffectEvent } from 'react';

type Handler = (event: KeyboardEvent) => void;

/** Where letters are taken by the element itself. A checkbox has no use for them. */
const TEXT = 'input:not([type=checkbox], [type=radio], [type=button]), textarea, select';

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(TEXT));
}

/** Begins a shortcut of two keys, such as `g j`: the second is then not a shortcut of its own. */
const PREFIX = 'g';

/** `mod+k` for Ctrl or Cmd, else the key itself, for example `/`. */
function nameOf(event: KeyboardEvent): string {
  return (event.metaKey || event.ctrlKey ? 'mod+' : '') + event.key.toLowerCase();
}

/** Calls the handler of a pressed key, unless someone types or a dialog is open (only `mod+` works there). */
export function useHotkeys(keys: Record<string, Handler>): void {
  const handlerOf = useEffectEvent((shortcut: string) => keys[shortcut]);
  useEffect(() => {
    let previous = '';
    const onKey = (event: KeyboardEvent): void => {
      const name = nameOf(event);
      const busy = isTyping(event.composedPath()[0] ?? null) || document.querySelector('dialog[open]') !== null;
      if (event.altKey || (busy && !name.startsWith('mod+'))) return;
      const handler = handlerOf(previous === PREFIX ? `${PREFIX} ${name}` : name);
      previous = previous === PREFIX ? '' : name;
      if (!handler) return;
      event.preventDefault();
      handler(event);
    };
    window.addEventListener('keydown', onKey);
    return () => { window.removeEventListener('keydown', onKey); };
  }, []);
}
