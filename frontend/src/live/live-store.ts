/** The state of the live connection for React, and the frames' changes for whoever shows jobs. */
import type { Batch } from './events';
import type { LiveState } from './connection';

type Listener = (batch: Batch) => void;

let state: LiveState = { kind: 'connecting', again: false };
const watchers = new Set<() => void>();
const listeners = new Set<Listener>();

export const liveStore = {
  read: (): LiveState => state,
  set: (next: LiveState): void => {
    state = next;
    for (const watcher of watchers) watcher();
  },
  watch: (watcher: () => void): (() => void) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
  /** Calls `listener` with each frame's batch, without outdated states. */
  onBatch(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  publish(batch: Batch): void {
    for (const listener of listeners) listener(batch);
  },
};

let readFrom: string | undefined;

/** The newest event before anything was read for the user: the first connection goes on from there. */
export const startedAt = {
  read: (): string | undefined => readFrom,
  note: (lastEventId: string | null | undefined): void => { readFrom ??= lastEventId ?? undefined; },
  forget: (): void => { readFrom = undefined; },
};
