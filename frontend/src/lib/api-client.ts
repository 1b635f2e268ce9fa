/** One way to call the API: same origin, cookie session, CSRF header, errors in one shape. */
import type { Answer, Arguments, Method, PathOf } from './api-types';
import { parseAsWritten, parseJson, writeJson } from './json';

/** An API that takes longer counts as down: a stopped process or a lost network closes no connection. */
const READ_MS = 8_000;
/** The API itself is given 29 s; what it then does is unknown, so a write is not given up before. */
const WRITE_MS = 30_000;

type Value = string | number | boolean | undefined | null;
export type Query = Record<string, Value | readonly string[]>;

interface Request {
  path?: Record<string, string>;
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  /** Keep the answer's numbers as they are written, such as 1.0. */
  asWritten?: boolean;
}

/** `status` 0 means that nothing answered: no network, or the API is down; with the code `timeout`, not in time. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    readonly field?: string,
    readonly traceId?: string,
    readonly retryAfterS?: number,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** The API is down, as opposed to a response that refuses. */
  get away(): boolean {
    return this.status === 0 || this.status >= 502;
  }
}

// Kept in memory only: a reload asks `GET /me` for it again.
let csrfToken = '';
let onLost: (code: string) => void = () => undefined;
let onRenew: () => Promise<boolean> = () => Promise.resolve(false);

export const session = {
  remember(token: string | null | undefined): void {
    csrfToken = token ?? '';
  },
  /** Called with the code of a 401, which says why the session ended. */
  whenLost(handler: (code: string) => void): void {
    onLost = handler;
  },
  /** Called when the CSRF token is of another session: asks who is logged in; whether it is still the same user. */
  renewBy(handler: () => Promise<boolean>): void {
    onRenew = handler;
  },
};

function isGiven(value: Query[string]): value is Exclude<Query[string], undefined | null> {
  return value !== undefined && value !== null && value !== '';
}

/** The address of a route; lists are repeated, empty values omitted. */
export function buildUrl(route: string, { path = {}, query = {} }: Pick<Request, 'path' | 'query'> = {}): string {
  const filled = route.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(path[name] ?? ''));
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (!isGiven(value)) continue;
    for (const item of typeof value === 'object' ? value : [value]) params.append(key, String(item));
  }
  const text = params.toString();
  return `/api${filled}${text ? `?${text}` : ''}`;
}

function toError(status: number, body: unknown): ApiError {
  const data = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const text = (key: string): string | undefined => (typeof data[key] === 'string' ? data[key] : undefined);
  const retryAfter = typeof data['retryAfter'] === 'number' ? data['retryAfter'] : undefined;
  const message = text('message') ?? text('error') ?? `The API answered ${String(status)}`;
  return new ApiError(message, status, text('code') ?? String(status), text('field'), text('traceId'), retryAfter);
}

async function parse(response: Response, asWritten = false): Promise<unknown> {
  const text = await response.text();
  if (!response.headers.get('content-type')?.includes('json')) return text;
  return asWritten ? parseAsWritten(text) : parseJson(text);
}

function unreachable(cause: unknown, given?: AbortSignal): unknown {
  const name = cause instanceof DOMException ? cause.name : '';
  if (name === 'AbortError' && given?.aborted) return cause;
  if (name === 'TimeoutError') return new ApiError('The API did not respond in time', 0, 'timeout');
  return new ApiError('The API can’t be reached', 0, 'unreachable');
}

async function send(method: Method, route: string, request: Request): Promise<{ response: Response; answer: unknown }> {
  const { body, signal, asWritten } = request;
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'get' && csrfToken) headers['X-CSRF-Token'] = csrfToken;
  const limit = AbortSignal.timeout(method === 'get' ? READ_MS : WRITE_MS);
  try {
    const response = await fetch(buildUrl(route, request), {
      method: method.toUpperCase(),
      headers,
      credentials: 'same-origin',
      body: body === undefined ? null : writeJson(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    return { response, answer: await parse(response, asWritten) };
  } catch (cause) {
    throw unreachable(cause, signal);
  }
}

async function call(method: Method, route: string, request: Request = {}, again = false): Promise<unknown> {
  const { response, answer } = await send(method, route, request);
  if (response.ok) return answer;
  const error = toError(response.status, answer);
  // Another tab logged in anew or changed the password: the cookie is of a session whose token this tab does not have.
  if (error.code === 'wrong_csrf_token' && !again && (await onRenew())) return call(method, route, request, true);
  if (error.status === 401 && error.code !== 'wrong_credentials') onLost(error.code);
  throw error;
}

function caller<M extends Method>(method: M) {
  return <P extends PathOf<M>>(route: P, ...[options]: Arguments<M, P>): Promise<Answer<M, P>> =>
    call(method, route, options) as Promise<Answer<M, P>>;
}

export const api = { get: caller('get'), post: caller('post'), put: caller('put'), patch: caller('patch'), delete: caller('delete') };
