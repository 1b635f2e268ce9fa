/** One way to call the API: same origin, cookie session, CSRF header, errors in one shape. */
import type { Answer, Arguments, Method, PathOf } from './api-types';

type Value = string | number | boolean | undefined | null;
export type Query = Record<string, Value | readonly string[]>;

interface Request {
  path?: Record<string, string>;
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
}

/** `status` 0 means that nothing answered: no network, or the API is down. */
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

  /** The API itself is away, as opposed to an answer that says no. */
  get away(): boolean {
    return this.status === 0 || this.status >= 502;
  }
}

// Kept in memory only: a reload asks `GET /me` for it again.
let csrfToken = '';
let onUnauthenticated: () => void = () => undefined;

export const session = {
  remember(token: string | null | undefined): void {
    csrfToken = token ?? '';
  },
  whenLost(handler: () => void): void {
    onUnauthenticated = handler;
  },
};

function isGiven(value: Query[string]): value is Exclude<Query[string], undefined | null> {
  return value !== undefined && value !== null && value !== '';
}

/** The address of a route; lists are repeated, what is empty is left out. */
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

async function parse(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  return type.includes('json') ? ((await response.json()) as unknown) : response.text();
}

async function send(method: Method, route: string, request: Request): Promise<Response> {
  const { body, signal } = request;
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'get' && csrfToken) headers['X-CSRF-Token'] = csrfToken;
  try {
    return await fetch(buildUrl(route, request), {
      method: method.toUpperCase(),
      headers,
      credentials: 'same-origin',
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('The API can’t be reached', 0, 'unreachable');
  }
}

async function call(method: Method, route: string, request: Request = {}): Promise<unknown> {
  const response = await send(method, route, request);
  const body = await parse(response);
  if (response.ok) return body;
  if (response.status === 401) onUnauthenticated();
  throw toError(response.status, body);
}

function caller<M extends Method>(method: M) {
  return <P extends PathOf<M>>(route: P, ...[options]: Arguments<M, P>): Promise<Answer<M, P>> =>
    call(method, route, options) as Promise<Answer<M, P>>;
}

export const api = { get: caller('get'), post: caller('post'), patch: caller('patch'), delete: caller('delete') };
