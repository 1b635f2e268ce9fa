/** Text that was not sent yet, so that a dialog closed by mistake loses nothing. In memory only. */
import { useState } from 'react';

const kept = new Map<string, unknown>();

export const drafts = {
  clear: (): void => { kept.clear(); },
  drop: (key: string): void => { kept.delete(key); },
};

/** A state that outlives its component, until it is dropped. */
export function useDraft<T>(key: string, initial: T | (() => T)): [T, (next: T) => void] {
  const [value, setValue] = useState<T>(() => {
    if (kept.has(key)) return kept.get(key) as T;
    return initial instanceof Function ? initial() : initial;
  });
  const set = (next: T): void => {
    kept.set(key, next);
    setValue(next);
  };
  return [value, set];
}
