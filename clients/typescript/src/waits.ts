/**
 * Waits for the end of jobs, batches and workflows: events say when to look, an answer of the API says what is.
 *
 * What an event says is not taken over, so a lost, late or repeated one does no harm. All waits of a client share one
 * connection. After a lost one, the new one is open before the next look, so nothing that happened in between is missed.
 */
import type { CallOptions } from './calls.js';
import { UnexpectedAnswer, WaitTimeout, passes, type Ending } from './errors.js';
import type { Session } from './session.js';
import { subscribe, webSocketOf, type Frame } from './sockets.js';
import { Bell, backoffMs, now, sleep } from './timing.js';

export type { WebSocketConstructor } from './sockets.js';

/** How long a wait lasts by default. */
export const WAIT_MS = 600_000;
/** How often to look although no event came: events of other people's jobs are not sent to this connection. */
const LOOK_MS = 10_000;
const FIRST_POLL_MS = 200;
const LONGEST_POLL_MS = 3_000;
const LONGEST_REOPEN_MS = 30_000;
/** Least time that a look may take, at the end of a wait too. */
const LEAST_MS = 1_000;
const ENDED = ['completed', 'dlq', 'cancelled', 'skipped'];
/** Events that say nothing of an end. */
const OF_NO_END = ['job:created', 'job:progress', 'job:log'];

interface Waiter {
  bell: Bell;
  /** Whether an event, or a new connection, asks for a look. */
  hinted: boolean;
  polls: number;
}

/** The waits of a client and their connection. */
export class Waits {
  readonly #session: Session;
  readonly #waiters = new Map<string, Set<Waiter>>();
  #failures = 0;
  #close: (() => void) | undefined;
  /** Ends the connecting, or the pause before it. */
  #connecting: AbortController | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Returns what `look` answers of `subject`, once that has ended.
   * Throws `WaitTimeout`, and what the first look throws. From then on, failures that pass are waited for.
   */
  async untilEnded<T extends Ending>(
    subject: string,
    look: (options: CallOptions) => Promise<T>,
    hasEnded: (found: T) => boolean,
    { signal, timeoutMs = WAIT_MS }: CallOptions,
  ): Promise<T> {
    const ends = now() + timeoutMs;
    const waiter = this.#join(subject);
    try {
      let found = await look({ signal, timeoutMs: Math.max(timeoutMs, this.#session.timeoutMs) });
      while (!hasEnded(found)) {
        if (now() >= ends) throw new WaitTimeout(found, timeoutMs);
        await this.#next(waiter, ends - now(), signal);
        try {
          found = await look({ signal, timeoutMs: Math.max(ends - now(), LEAST_MS) });
        } catch (error) {
          if (!passes(error)) throw error;
          await sleep(Math.min(backoffMs(2), Math.max(ends - now(), 0)), signal);
        }
      }
      return found;
    } finally {
      this.#leave(subject, waiter);
    }
  }

  /** Begins a wait: from now on, events of `subject` are hints. */
  #join(subject: string): Waiter {
    const waiter = { bell: new Bell(), hinted: false, polls: 0 };
    const others = this.#waiters.get(subject);
    if (others) others.add(waiter);
    else this.#waiters.set(subject, new Set([waiter]));
    if (!this.#close && !this.#connecting && webSocketOf(this.#session)) void this.#connect(0);
    return waiter;
  }

  /** Ends a wait; the last one closes the connection. */
  #leave(subject: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(subject);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiters.delete(subject);
    if (this.#waiters.size > 0) return;
    this.#connecting?.abort();
    this.#close?.();
    this.#connecting = this.#close = undefined;
  }

  /** Resolves when it is time for a look: at a hint, or after a while without one, which is shorter without a connection. */
  async #next(waiter: Waiter, leftMs: number, signal?: AbortSignal): Promise<void> {
    const pauseMs = this.#close ? LOOK_MS : backoffMs(waiter.polls++, FIRST_POLL_MS, LONGEST_POLL_MS);
    if (!waiter.hinted) await waiter.bell.wait(Math.min(pauseMs, leftMs), signal);
    waiter.hinted = false;
  }

  /** Connects after a pause, again until it succeeds or the last wait has ended. */
  async #connect(pauseMs: number): Promise<void> {
    const connecting = new AbortController();
    this.#connecting = connecting;
    const { signal } = connecting;
    try {
      if (pauseMs > 0) await sleep(pauseMs, signal);
      const close = await subscribe(this.#session, {}, { frame: this.#dispatch, ended: this.#lost }, signal);
      if (signal.aborted) {
        close();
        return;
      }
      this.#connecting = undefined;
      this.#close = close;
      this.#failures = 0;
      this.#everyone((waiter) => (waiter.polls = 0)); // of what happened before nothing was heard
    } catch (error) {
      // without an address, waits poll to their ends
      if (signal.aborted || error instanceof UnexpectedAnswer) return;
      if (this.#failures === 0) this.#everyone(); // each polls from now on
      void this.#connect(backoffMs(this.#failures++, undefined, LONGEST_REOPEN_MS));
    }
  }

  readonly #lost = (): void => {
    this.#close = undefined;
    void this.#connect(backoffMs(0));
  };

  /** Wakes the waits that a frame concerns: it tells of an end or a deletion, or that events are missing. */
  readonly #dispatch = ({ type, data }: Frame): void => {
    if (type === 'resync') this.#everyone();
    if (OF_NO_END.includes(type) || typeof data !== 'object' || data === null) return;
    const { jobId, _id, newStatus } = data as Record<string, unknown>;
    if (type === 'job:status:updated' && !ENDED.includes(String(newStatus))) return;
    this.#waiters.get(String(jobId ?? _id))?.forEach(hint);
  };

  #everyone(first?: (waiter: Waiter) => void): void {
    for (const waiters of this.#waiters.values()) {
      for (const waiter of waiters) {
        first?.(waiter);
        hint(waiter);
      }
    }
  }
}

function hint(waiter: Waiter): void {
  waiter.hinted = true;
  waiter.bell.ring();
}
