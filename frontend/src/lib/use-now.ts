import { useSyncExternalStore } from 'react';

/** One timer for everything that shows an age or a countdown, however many there are. */
function ticker(everyMs: number) {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;

  const tick = (): void => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    subscribe: (listener: () => void): (() => void) => {
      if (listeners.size === 0) {
        now = Date.now();
        timer = setInterval(tick, everyMs);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
    read: () => now,
  };
}

const seconds = ticker(1000);
const still = () => () => undefined;

/** Epoch milliseconds, renewed each second while `running`. */
export function useNow(running = true): number {
  return useSyncExternalStore(running ? seconds.subscribe : still, seconds.read);
}
