/** The stream of events: one connection, resumed behind the last event when it is lost. */
import type { CallOptions } from './calls.js';
import { passes } from './errors.js';
import type { Session } from './session.js';
import { subscribe, type Frame } from './sockets.js';
import { Bell, backoffMs, now, sleep } from './timing.js';
import type { Scope, StreamEvent } from './types.js';

/** Which events, and for how long: `timeoutMs` is without end by default. */
export interface StreamOptions extends CallOptions {
  scope?: Scope;
  /** The id of the last event known; by default only new ones come. */
  since?: string;
}

const LONGEST_REOPEN_MS = 30_000;
/** With more events that were not taken, the connection is closed, and opened again behind them once they are. */
const MAX_WAITING = 10_000;

/** Iterates over events in order. */
export async function* streamOf(session: Session, options: StreamOptions): AsyncGenerator<StreamEvent, void, undefined> {
  const { scope = 'own', signal, timeoutMs = Infinity } = options;
  const ends = now() + timeoutMs;
  let last = options.since;
  for (let failures = 0; now() < ends; ) {
    const events = new Received(last);
    let close: () => void;
    try {
      close = await subscribe(session, { scope, since: last }, events, signal);
    } catch (error) {
      if (!passes(error)) throw error;
      await sleep(Math.max(0, Math.min(backoffMs(failures++, undefined, LONGEST_REOPEN_MS), ends - now())), signal);
      continue;
    }
    failures = 0;
    events.overflow = close;
    try {
      for (let event = await events.next(ends, signal); event !== undefined; event = await events.next(ends, signal)) {
        last = event.id;
        yield event;
      }
    } finally {
      close();
    }
    if (now() < ends) await sleep(backoffMs(0), signal);
  }
}

/** The events of one connection that were not taken yet. */
class Received {
  /** Closes the connection. */
  overflow: () => void = () => undefined;
  readonly #events: StreamEvent[] = [];
  readonly #bell = new Bell();
  #last: string | undefined;
  #lost = false;

  constructor(last: string | undefined) {
    this.#last = last;
  }

  /** Takes the event of a frame, if it is one that did not come before. */
  readonly frame = (frame: Frame): void => {
    if (this.#lost || frame.id === undefined || (frame.type !== 'resync' && !isAfter(frame.id, this.#last))) return;
    this.#last = frame.id;
    this.#events.push(frame as unknown as StreamEvent);
    if (this.#events.length >= MAX_WAITING) {
      this.overflow();
      this.#lost = true;
    }
    this.#bell.ring();
  };

  readonly ended = (): void => {
    this.#lost = true;
    this.#bell.ring();
  };

  /** Resolves with the next event, or with nothing when the connection is lost, or at `ends`. */
  async next(ends: number, signal?: AbortSignal): Promise<StreamEvent | undefined> {
    signal?.throwIfAborted();
    while (this.#events.length === 0 && !this.#lost && now() < ends) await this.#bell.wait(ends - now(), signal);
    return this.#events.shift();
  }
}

/** Returns whether an id is that of a later event; ids are `epoch-sequence`, which order events. */
function isAfter(id: string, last: string | undefined): boolean {
  if (last === undefined) return true;
  const [epoch = 0, sequence = 0] = id.split('-').map(Number);
  const [lastEpoch = 0, lastSequence = 0] = last.split('-').map(Number);
  return epoch > lastEpoch || (epoch === lastEpoch && sequence > lastSequence);
}
