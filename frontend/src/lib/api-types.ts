/** What each route takes and gives, from the generated types, so that a wrong call does not compile. */
import type { paths } from '@/types/api.gen';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The operation behind a method and a path. */
type Operation<M extends Method, P extends keyof paths> = paths[P][M];

/** The paths that know a method. */
export type PathOf<M extends Method> = { [P in keyof paths]: Operation<M, P> extends { responses: unknown } ? P : never }[keyof paths];

type Json<T> = T extends { content: { 'application/json': infer J } } ? J : never;
type Success<R> = R[Extract<keyof R, 200 | 201 | 202>];

/** The body of a successful answer. */
export type Answer<M extends Method, P extends keyof paths> = Operation<M, P> extends { responses: infer R } ? Json<Success<R>> : never;

type Parameters<O, K extends string> = O extends { parameters: Record<K, infer V> } | { parameters: Partial<Record<K, infer V>> } ? NonNullable<V> : never;
type BodyOf<O> = O extends { requestBody: infer B } | { requestBody?: infer B } ? Json<NonNullable<B>> : never;

/** Adds a property of type T, or nothing where the route has none. */
type With<K extends string, T, Optional extends boolean = false> = [T] extends [never] ? unknown : Optional extends true ? Partial<Record<K, T>> : Record<K, T>;

export type Options<M extends Method, P extends keyof paths> = With<'path', Parameters<Operation<M, P>, 'path'>> &
  With<'query', Parameters<Operation<M, P>, 'query'>, true> &
  With<'body', BodyOf<Operation<M, P>>, Operation<M, P> extends { requestBody: unknown } ? false : true> & { signal?: AbortSignal; asWritten?: boolean };

/** The options may be left out where nothing is required. */
export type Arguments<M extends Method, P extends keyof paths> = object extends Options<M, P> ? [options?: Options<M, P>] : [options: Options<M, P>];
