/** What each route takes and answers, derived from the generated `paths`, so that a wrong call does not compile. */
import type { components, paths } from './api.gen.js';

/** The schemas of the API's document. */
export type Schemas = components['schemas'];

/** A method of HTTP. */
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

type Operation<M extends Method, P extends keyof paths> = paths[P][M];
type Json<T> = T extends { content: { 'application/json': infer J } } ? J : never;
type Parameters<O, K extends string> = O extends { parameters: Record<K, infer V> } | { parameters: Partial<Record<K, infer V>> }
  ? NonNullable<V>
  : never;
type BodyOf<O> = O extends { requestBody: infer B } | { requestBody?: infer B } ? Json<NonNullable<B>> : never;
/** Adds a property, or nothing where the route has none. */
type With<K extends string, T, Optional extends boolean = false> = [T] extends [never]
  ? unknown
  : Optional extends true
    ? Partial<Record<K, T>>
    : Record<K, T>;

/** The routes that know a method. */
export type Route<M extends Method> = { [P in keyof paths]: Operation<M, P> extends { responses: unknown } ? P : never }[keyof paths];

/** The body of a successful answer. */
export type Answer<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { responses: infer R } ? Json<R[Extract<keyof R, 200 | 201 | 202>]> : never;

/** How often and for how long a call is sent. */
export interface CallOptions {
  /** Aborts the call; it then throws `signal.reason`. What was sent may still be carried out. */
  signal?: AbortSignal;
  /** Milliseconds for the call with all its attempts; a wait has 600,000 by default, other calls are bounded by the client's options. */
  timeoutMs?: number;
}

/** Options of calls in which operators may name another tenant. */
export interface TenantOptions extends CallOptions {
  /** The id of the tenant; default: the caller's. */
  tenant?: string;
}

/** The parts of a call, as its route has them. */
export type Asked<M extends Method, P extends keyof paths> = With<'path', Parameters<Operation<M, P>, 'path'>> &
  With<'query', Parameters<Operation<M, P>, 'query'>, true> &
  With<'body', BodyOf<Operation<M, P>>, Operation<M, P> extends { requestBody: unknown } ? false : true> & {
    /** The idempotency key. With one, the call is repeated when its answer is lost. */
    key?: string;
    /** Whether a `POST` changes nothing more if it is carried out twice, so that it may be repeated. */
    repeatable?: boolean;
  };

/** A call without types, as it is sent. */
export interface Request {
  method: string;
  route: string;
  path?: Record<string, string>;
  query?: Record<string, string | number | boolean | readonly string[] | null | undefined>;
  body?: unknown;
  key?: string;
  repeatable?: boolean;
  /** Sent without credentials. */
  open?: boolean;
}

/** An answer as it was received. */
export interface Received {
  status: number;
  /** The seconds of its `Retry-After`. */
  retryAfterS: number | undefined;
  body: unknown;
}

/** Returns the address of a call behind the URL of the API. Throws `TypeError` for an id or name that is empty, `.` or `..`. */
export function addressOf({ route, path = {}, query = {} }: Request): string {
  const filled = route.replace(/\{(\w+)\}/g, (_, name: string) => {
    const part = path[name] ?? '';
    if (['', '.', '..'].includes(part)) throw new TypeError(`${name}: an id or a name is empty, or . or ..`);
    return encodeURIComponent(part);
  });
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) asked.set(name, String(value));
  }
  const text = asked.toString();
  return text ? `${filled}?${text}` : filled;
}

/** Returns `value` as JSON text. Throws `TypeError` for numbers that JSON does not have, which would silently become null. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (name, inner: unknown) => {
    if (typeof inner === 'number' && !Number.isFinite(inner)) throw new TypeError(`${name}: ${String(inner)} is no JSON`);
    return inner;
  });
}
