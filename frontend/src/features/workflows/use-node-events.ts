import { useEffect, useEffectEvent, type RefObject } from 'react';

import { stepOf, walk, type Needs } from './graph';
import type { GraphLayout } from './graph-layout';

interface NodeEvents {
  nodes: Needs[];
  layout: GraphLayout;
  /** `byKeys`: the press came from the keyboard, whose focus then goes to what is shown. */
  onSelect: (id: string, byKeys: boolean) => void;
  /** What keys do besides leading from node to node. */
  keys: Record<string, () => void>;
}

const idOf = (event: Event): string | null => (event.target as Element).closest<HTMLElement>('[data-node]')?.dataset['node'] ?? null;

const isShortcut = ({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => ctrlKey || metaKey || altKey;

/** Presses on nodes, for all of them at once: a handler each would draw every node again when one changes. */
export function useNodeEvents(view: RefObject<HTMLElement | null>, { nodes, layout, onSelect, keys }: NodeEvents): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const id = idOf(event);
    const step = stepOf(event.key, layout.down);
    const act = keys[event.key];
    if (id === null || isShortcut(event) || (!step && !act)) return;
    event.preventDefault();
    act?.();
    const target = step ? walk(id, step, layout, nodes) : null;
    if (target) view.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(target)}"]`)?.focus();
  });
  const click = useEffectEvent((event: MouseEvent) => {
    const id = idOf(event);
    if (id !== null) onSelect(id, event.detail === 0);
  });
  useEffect(() => {
    const ended = new AbortController();
    view.current?.addEventListener('keydown', (event) => { press(event); }, { signal: ended.signal });
    view.current?.addEventListener('click', (event) => { click(event); }, { signal: ended.signal });
    return () => { ended.abort(); };
  }, [view]);
}
