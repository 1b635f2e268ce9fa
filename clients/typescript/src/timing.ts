/** Time: pauses, bounds, and how many do something at once. */
import { ConnectionFailed } from './errors.js';


/** What `setTimeout` takes at most; above it fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Returns milliseconds of a clock that is never set back. */
export function now(): number {
  return performance.now();
}

/** Returns how long to pause after attempt number `attempt`, from 0: doubled each time, less up to a half. */
export function backoffMs(attempt: number, firstMs = 250, longestMs = 8_000): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 20)) * (0.5 + Math.random() / 2);
}

/** Calls `then` after `ms`, however long that is. */
export function after(ms: number, then: () => void): ReturnType<typeof setTimeout> {
  return setTimeout(then, Math.min(ms, LONGEST_MS));
}

/** A promise that is resolved from outside, or after a while. */
export class Bell {
  #ring: () => void = () => undefined;

  /** Resolves at the next `ring`, or after `ms`. Rejects with the reason of `signal`. */
  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const over = (done: () => void) => (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', aborted);
        done();
      };
      const aborted = over(() => {
        reject(signal?.reason as Error);
      });
      this.#ring = over(resolve);
      const timer = after(ms, this.#ring);
      signal?.addEventListener('abort', aborted);
    });
  }

  /** Ends the wait. */
  ring(): void {
    this.#ring();
  }
}

/** Resolves after `ms`. Rejects with the reason of `signal`. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Bell().wait(ms, signal);
}

/** Resolves as `promise`. Rejects with the reason of `signal`; what is awaited goes on. */
export function unlessAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const aborted = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', aborted);
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', aborted);
    });
  });
}

/** Runs `work` with a signal that aborts after `ms`, with a `ConnectionFailed`, and with `outer`. */
export async function bounded<T>(ms: number, outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const bound = new AbortController();
  const aborted = (): void => {
    bound.abort(outer?.reason);
  };
  outer?.throwIfAborted();
  outer?.addEventListener('abort', aborted);
  const timer = after(ms, () => {
    bound.abort(new ConnectionFailed(`No answer within ${String(Math.round(ms))} ms`, false));
  });
  try {
    return await work(bound.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', aborted);
  }
}

/** Lets `most` do something at once; others wait in line. */
export class Gate {
  #free: number;
  readonly #line: Bell[] = [];

  constructor(most: number) {
    this.#free = most;
  }

  /** Runs `work` when it is its turn. Rejects with the reason of `signal` before that. */
  async pass<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await this.#turn(signal);
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      // the next in line takes over the place
      const next = this.#line.shift();
      if (next === undefined) this.#free += 1;
      else next.ring();
    }
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    const bell = new Bell();
    this.#line.push(bell);
    try {
      await bell.wait(Infinity, signal);
    } catch (error) {
      const place = this.#line.indexOf(bell);
      if (place >= 0) this.#line.splice(place, 1);
      throw error;
    }
  }
}
