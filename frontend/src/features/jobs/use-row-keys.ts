import { useEffect, useState, type RefObject } from 'react';

import { focused, focusRow } from '@/lib/focus-place';
import { useHotkeys } from '@/lib/use-hotkeys';

interface RowKeysOptions {
  /** The jobs of the list, in order. */
  ids: string[];
  list: RefObject<HTMLElement | null>;
  /** Jobs that can be selected; none for users who may not change jobs. */
  selectable: string[];
  onToggle: (id: string) => void;
}

/** The row of a list that has the focus. */
function focusedRow(list: HTMLElement | null): string | undefined {
  const row = focused()?.closest<HTMLElement>('[data-job]');
  return row && list?.contains(row) ? row.dataset['job'] : undefined;
}

/**
 * `j` and `k` move the focus from row to row, `x` selects the row that has it; Enter opens its link. Returns the row that
 * was moved to, which has to be in the document.
 */
export function useRowKeys({ ids, list, selectable, onToggle }: RowKeysOptions): string | null {
  const [walked, setWalked] = useState<{ id: string } | null>(null);
  useEffect(() => {
    const row = walked ? list.current?.querySelector(`[data-job="${walked.id}"]`) : null;
    if (focusRow(row)) row?.scrollIntoView({ block: 'nearest' });
  }, [walked, list]);
  const move = (step: number): void => {
    const from = ids.indexOf(focusedRow(list.current) ?? walked?.id ?? '');
    const id = ids[Math.min(ids.length - 1, Math.max(0, from + step))];
    if (id) setWalked({ id });
  };
  const toggle = (): void => {
    const id = focusedRow(list.current);
    if (id && selectable.includes(id)) onToggle(id);
  };
  useHotkeys({ j: () => { move(1); }, k: () => { move(-1); }, x: toggle });
  return walked?.id ?? null;
}
