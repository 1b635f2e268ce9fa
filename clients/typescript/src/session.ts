/** Sends calls: with credentials, within their time, again where that is safe. */
import { addressOf, jsonOf, type Answer, type Asked, type CallOptions, type Method, type Received, type Request, type Route, type Schemas } from './calls.js';
import { ConnectionFailed, UnexpectedAnswer } from './errors.js';
import { Attempts } from './retries.js';
import { Gate, bounded, now, unlessAborted } from './timing.js';
import { Waits, type WebSocketConstructor } from './waits.js';

/** How a client sends its calls, besides credentials. */
export interface ConnectionOptions {
  /** Milliseconds for one answer; default: 30,000. */
  timeoutMs?: number;
  /** How often a call is repeated; default: 4. */
  retries?: number;
  /** Where events come from; by default the API says it. */
  wsUrl?: string;
  /** Returns the W3C trace context to send with each call, such as that of the current span of OpenTelemetry. */
  traceparent?: () => string | undefined;
  /** Sends requests in place of the platform's `fetch`. */
  fetch?: typeof globalThis.fetch;
  /** Opens WebSockets in place of the platform's, such as that of `ws` on Node 20; `false`: waits poll. */
  WebSocket?: WebSocketConstructor | false;
}

/** Credentials: a user's, of which the client makes sessions, or an API key or another token, or a function that fetches one. */
export type Credentials = { email: string; password: string } | { token: string | (() => string | Promise<string>) };

/** Options of a client. */
export type ClientOptions = ConnectionOptions & Credentials;

const MAX_PAGE = 200;
/** Calls of a client that are on their way at the same time; others wait. */
const MAX_CALLS = 64;
/** How Node says that a connection could not be opened. */
const NOT_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** Returns a new idempotency key. */
export function newKey(): string {
  // `crypto.randomUUID` is missing on pages without https
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Credentials and retries around `fetch`. */
export class Session {
  readonly options: ConnectionOptions;
  /** Milliseconds for one answer. */
  readonly timeoutMs: number;
  /** The waits of the client, which share a connection. */
  readonly waits = new Waits(this);
  readonly #url: string;
  readonly #retries: number;
  readonly #fetch: typeof globalThis.fetch;
  readonly #gate = new Gate(MAX_CALLS);
  readonly #fetchToken: (() => string | Promise<string>) | undefined;
  #token: Promise<string> | undefined;

  constructor(url: string, options: ClientOptions) {
    if (!/^https?:\/\//.test(url)) throw new TypeError('url begins with http:// or https://');
    this.#url = url.replace(/\/+$/, '');
    this.options = options;
    this.timeoutMs = options.timeoutMs ?? 30_000;
    this.#retries = options.retries ?? 4;
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    if (!(this.timeoutMs > 0) || !(this.#retries >= 0)) throw new TypeError('timeoutMs is above 0, and retries are not below 0');
    const token = tokenOf(options) ?? ((): Promise<string> => this.#logIn(options as Schemas['LogIn']));
    if (typeof token === 'string') this.#token = Promise.resolve(token);
    else this.#fetchToken = token;
  }

  /**
   * Returns the answer to a call. It is sent again after a failure if it changes nothing more when it is carried out twice.
   * Throws `ApiError`, `ConnectionFailed`, `UnexpectedAnswer`, and the reason of an aborted signal.
   */
  async call<M extends Method, P extends Route<M>>(method: M, route: P, asked: Asked<M, P>, options: CallOptions = {}): Promise<Answer<M, P>> {
    const request: Request = { ...(asked as Partial<Request>), method: method.toUpperCase(), route };
    return (await this.#send(request, options)) as Answer<M, P>;
  }

  /** Iterates over the elements of a list, page by page, at most `limit`. `options` are those of the call for each page. */
  async *pages<T>(
    page: (paging: { cursor?: string; limit: number }) => Promise<{ items: readonly T[]; nextCursor?: string | null | undefined }>,
    limit = Infinity,
  ): AsyncGenerator<T, void, undefined> {
    let cursor: string | undefined;
    for (let left = limit; left > 0; ) {
      const size = Math.min(left, MAX_PAGE);
      const found = await page({ limit: size, cursor });
      yield* found.items;
      left -= size;
      if (found.nextCursor == null) return;
      cursor = found.nextCursor;
    }
  }

  async #send(request: Request, { signal, timeoutMs = Infinity }: CallOptions): Promise<unknown> {
    const attempts = new Attempts(request, this.#retries, now() + timeoutMs, signal);
    let mayRenew = !request.open && this.#fetchToken !== undefined;
    for (;;) {
      const token = await this.#credentials(request, attempts.leftMs, signal);
      const received = await this.#attempt(request, token, attempts, signal);
      if (received === undefined) continue;
      if (received.status < 400) return received.body;
      if (attempts.hasDeleted(received.status)) return {};
      const renew = received.status === 401 && mayRenew;
      if (!renew) await attempts.afterRefusal(received);
      else await this.#forget(token);
      mayRenew &&= !renew;
    }
  }

  /** Sends a request once; resolves with nothing when it is time for the next attempt after one without an answer. */
  async #attempt(request: Request, token: string | undefined, attempts: Attempts, signal?: AbortSignal): Promise<Received | undefined> {
    try {
      return await this.#gate.pass(signal, () => this.#exchange(request, token, attempts.leftMs, signal));
    } catch (error) {
      if (!(error instanceof ConnectionFailed)) throw error;
      await attempts.afterLoss(error);
      return undefined;
    }
  }

  /** Sends a request. Throws `ConnectionFailed` and `UnexpectedAnswer`. */
  async #exchange(request: Request, token: string | undefined, leftMs: number, signal: AbortSignal | undefined): Promise<Received> {
    const headers = new Headers({ Accept: 'application/json' });
    if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
    if (request.key !== undefined) headers.set('Idempotency-Key', request.key);
    const traceparent = this.options.traceparent?.();
    if (traceparent) headers.set('traceparent', traceparent);
    if (request.body !== undefined) headers.set('Content-Type', 'application/json');
    const body = request.body === undefined ? null : jsonOf(request.body);
    const address = this.#url + addressOf(request);
    const where = `${request.method} ${request.route}`;
    let response: Response;
    let text: string;
    try {
      [response, text] = await bounded(Math.min(this.timeoutMs, leftMs), signal, async (limit) => {
        const init: RequestInit = { method: request.method, headers, body, redirect: 'manual', credentials: 'omit', signal: limit };
        const came = await this.#fetch(address, init);
        return [came, await came.text()];
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw new ConnectionFailed(`${where}: ${reasonOf(error)}`, !wasNotSent(error), error);
    }
    return { status: response.status, retryAfterS: retryAfterOf(response), body: parsed(response, text, where) };
  }

  /** Returns the token of a call. Calls that need a new one at the same time wait for one log-in. */
  async #credentials({ open }: Request, leftMs: number, signal?: AbortSignal): Promise<string | undefined> {
    if (open) return undefined;
    signal?.throwIfAborted();
    const token = (this.#token ??= this.#fetched());
    return bounded(leftMs, signal, (limit) => unlessAborted(token, limit));
  }

  async #fetched(): Promise<string> {
    try {
      return await Promise.resolve().then(this.#fetchToken);
    } catch (error) {
      this.#token = undefined;
      throw error;
    }
  }

  /** Has the next call fetch a token, unless another call has done so since `token` was used. */
  async #forget(token: string | undefined): Promise<void> {
    const held = this.#token;
    if ((await held) === token && this.#token === held) this.#token = undefined;
  }

  async #logIn({ email, password }: Schemas['LogIn']): Promise<string> {
    const body = { email, password };
    const answer = await this.#send({ method: 'POST', route: '/login', body, repeatable: true, open: true }, {});
    const { jwt } = answer as { jwt?: unknown };
    if (typeof jwt !== 'string') throw new UnexpectedAnswer('The answer to the log-in has no token');
    return jwt;
  }
}

/** Returns the token of credentials; `undefined` with e-mail and password. Throws `TypeError` for both or neither. */
function tokenOf(options: ClientOptions): string | (() => string | Promise<string>) | undefined {
  const { email, password, token } = options as Partial<{ email: string; password: string; token: string | (() => string) }>;
  const isUser = email !== undefined && password !== undefined;
  if ((email === undefined) !== (password === undefined) || isUser === (token !== undefined)) {
    throw new TypeError('Give either email and password, or token');
  }
  return token;
}

function retryAfterOf(response: Response): number | undefined {
  const seconds = Number(response.headers.get('Retry-After') ?? NaN);
  return seconds >= 0 ? seconds : undefined;
}

/** Returns the body of an answer. Throws `UnexpectedAnswer` if it is none of the API, unless its status is an error. */
function parsed(response: Response, text: string, where: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) throw new Error('it leads elsewhere');
    if (typeof body !== 'object' || body === null) throw new Error('it is no object');
    return body;
  } catch (error) {
    if (response.status >= 400) return {};
    throw new UnexpectedAnswer(`${where}: HTTP ${String(response.status)} is no answer of the API (${reasonOf(error)})`, { cause: error });
  }
}

/** Returns what an error says, and what its causes say. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = error.message || ('code' in error ? String(error.code) : error.name);
  return error.cause === undefined ? said : `${said}: ${reasonOf(error.cause)}`;
}

function wasNotSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && NOT_SENT.includes(String(error.code))) || wasNotSent(error.cause);
}
