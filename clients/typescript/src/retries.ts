/** When a call is sent again, and after how long. */
import type { Received, Request } from './calls.js';
import { errorOf, type ConnectionFailed } from './errors.js';
import { backoffMs, now, sleep } from './timing.js';

/** A `Retry-After` above this is the caller's to wait for. */
const PATIENCE_MS = 60_000;
const LEAST_MS = 100;
/** No answer of the API, or that a database is unavailable: the call may have been carried out. */
const MAYBE_DONE = [502, 503, 504];

/** The attempts at one call; none begins at `ends` or later. */
export class Attempts {
  readonly #request: Request;
  readonly #retries: number;
  readonly #ends: number;
  readonly #signal: AbortSignal | undefined;
  /** Whether it may be sent again although it may have been carried out. */
  readonly #isSafe: boolean;
  #begun = 0;
  #maybeDone = false;

  constructor(request: Request, retries: number, ends: number, signal?: AbortSignal) {
    this.#request = request;
    this.#retries = retries;
    this.#ends = ends;
    this.#signal = signal;
    this.#isSafe = request.repeatable === true || request.key !== undefined || ['GET', 'PUT', 'DELETE'].includes(request.method);
  }

  /** Returns the milliseconds that are left for an answer. */
  get leftMs(): number {
    return Math.max(LEAST_MS, this.#ends - now());
  }

  /** Resolves when it is time for the next attempt after one without an answer. Throws `error` if there is none. */
  async afterLoss(error: ConnectionFailed): Promise<void> {
    this.#maybeDone ||= error.sent;
    await this.#pause(this.#isSafe || !error.sent ? backoffMs(this.#begun) : Infinity, error);
  }

  /**
   * Resolves when it is time for the next attempt after a bad answer. Throws what it means if there is none.
   * A 429 was not carried out. One without `Retry-After` is a limit that time alone does not lift.
   */
  async afterRefusal({ status, body, retryAfterS }: Received): Promise<void> {
    const isOut = MAYBE_DONE.includes(status);
    let pauseMs = Infinity;
    if (status === 429 && retryAfterS !== undefined) pauseMs = retryAfterS * 1000 + Math.random() * 500;
    if (isOut && this.#isSafe) pauseMs = Math.max((retryAfterS ?? 0) * 1000, backoffMs(this.#begun));
    this.#maybeDone ||= isOut;
    await this.#pause(pauseMs, errorOf(status, body, retryAfterS));
  }

  /** Returns whether a 404 says that an attempt before this one deleted what is to be deleted. */
  hasDeleted(status: number): boolean {
    return status === 404 && this.#request.method === 'DELETE' && this.#maybeDone;
  }

  async #pause(ms: number, error: Error): Promise<void> {
    if (ms > PATIENCE_MS + 500 || this.#begun >= this.#retries || now() + ms >= this.#ends) throw error;
    this.#begun += 1;
    await sleep(ms, this.#signal);
  }
}
