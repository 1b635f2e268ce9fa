/** Queues and limits: list, pause, resume, change. */
import type { Schemas, TenantOptions } from '../calls.js';
import type { Session } from '../session.js';
import type { Limit, LimitDetail, Queue } from '../types.js';

/** `client.queues`. Operators may name another `tenant`. */
export class Queues {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /** Returns queues that have open jobs, are paused, or had jobs in the last day. */
  async list(options: TenantOptions = {}): Promise<Queue[]> {
    return (await this.#session.call('get', '/queues', tenantOf(options), options)).queues;
  }

  /** Lets no job of a queue start; running ones go on. */
  async pause(name: string, options: TenantOptions = {}): Promise<void> {
    await this.#session.call('post', '/queues/{name}/pause', { path: { name }, ...tenantOf(options), repeatable: true }, options);
  }

  /** Lets the jobs of a paused queue start. */
  async resume(name: string, options: TenantOptions = {}): Promise<void> {
    await this.#session.call('post', '/queues/{name}/resume', { path: { name }, ...tenantOf(options), repeatable: true }, options);
  }

  /** Says whether, of jobs created from now on, one of a higher priority is always first. */
  async setStrict(name: string, strict: boolean, options: TenantOptions = {}): Promise<void> {
    await this.#session.call('put', '/queues/{name}', { path: { name }, ...tenantOf(options), body: { strict } }, options);
  }
}

/** `client.limits`. Admins change those of their tenant; operators all, or those of one `tenant`. */
export class Limits {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /** Returns the limits that tasks declare, as they stand for the tenant. */
  async list(options: TenantOptions = {}): Promise<Limit[]> {
    return (await this.#session.call('get', '/limits', tenantOf(options), options)).limits;
  }

  /** Returns a limit with its busiest keys and the running jobs that hold it. */
  async get(name: string, options: TenantOptions = {}): Promise<LimitDetail> {
    return (await this.#session.call('get', '/limits/{name}', { path: { name }, ...tenantOf(options) }, options)).limit;
  }

  /** Changes bounds of a limit until it is reset. What is left out stays; `null` lifts a bound. */
  async change(name: string, bounds: Schemas['ChangeLimit'], options: TenantOptions = {}): Promise<Limit> {
    return (await this.#session.call('put', '/limits/{name}', { path: { name }, ...tenantOf(options), body: bounds }, options)).limit;
  }

  /** Lets no job that falls under a limit start; running ones go on. */
  pause(name: string, options?: TenantOptions): Promise<Limit> {
    return this.#act('/limits/{name}/pause', name, options);
  }

  /** Ends the pause of a limit. */
  resume(name: string, options?: TenantOptions): Promise<Limit> {
    return this.#act('/limits/{name}/resume', name, options);
  }

  /** Returns a limit to what the code declares, not paused, with fresh rates. */
  reset(name: string, options?: TenantOptions): Promise<Limit> {
    return this.#act('/limits/{name}/reset', name, options);
  }

  async #act(
    route: '/limits/{name}/pause' | '/limits/{name}/resume' | '/limits/{name}/reset',
    name: string,
    options: TenantOptions = {},
  ): Promise<Limit> {
    return (await this.#session.call('post', route, { path: { name }, ...tenantOf(options), repeatable: true }, options)).limit;
  }
}

/** Returns the query of calls in which a tenant may be named. */
export function tenantOf({ tenant }: TenantOptions): { query: { tenant?: string } } {
  return { query: { tenant } };
}
