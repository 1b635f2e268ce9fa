/** Pauses of tasks, of a tenant, of everything. Those of queues are `client.queues`. */
import type { CallOptions, TenantOptions } from '../calls.js';
import type { Session } from '../session.js';
import type { StandingPauses } from '../types.js';
import { tenantOf } from './queues.js';

/** Whose jobs of a task: those of the tenant, or of all (`everyTenant`, for operators). */
export type TaskPauseOptions = TenantOptions & { everyTenant?: boolean };

/** `client.pauses`, of admins for their tenant and of operators for all. Running jobs go on. */
export class Pauses {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /** Returns the pauses that hold for the tenant, besides those of its queues. */
  async get(options: TenantOptions = {}): Promise<StandingPauses> {
    const { tenant, everything, tasks } = await this.#session.call('get', '/pauses', tenantOf(options), options);
    return { tenant, everything, tasks };
  }

  /** Lets no job of a task start, whatever its queue. */
  pauseTask(name: string, options?: TaskPauseOptions): Promise<void> {
    return this.#task('/tasks/{name}/pause', name, options);
  }

  /** Lets the jobs of a paused task start. */
  resumeTask(name: string, options?: TaskPauseOptions): Promise<void> {
    return this.#task('/tasks/{name}/resume', name, options);
  }

  /** Lets no job of the tenant start; operators may name another. */
  async pauseTenant({ tenant, ...call }: TenantOptions = {}): Promise<void> {
    if (tenant === undefined) await this.#session.call('post', '/tenant/pause', { repeatable: true }, call);
    else await this.#session.call('post', '/tenants/{id}/pause', { path: { id: tenant }, repeatable: true }, call);
  }

  /** Ends the pause of the tenant. */
  async resumeTenant({ tenant, ...call }: TenantOptions = {}): Promise<void> {
    if (tenant === undefined) await this.#session.call('post', '/tenant/resume', { repeatable: true }, call);
    else await this.#session.call('post', '/tenants/{id}/resume', { path: { id: tenant }, repeatable: true }, call);
  }

  /** Lets no job of any tenant start; for operators. */
  async pauseEverything(call?: CallOptions): Promise<void> {
    await this.#session.call('post', '/pause', { repeatable: true }, call);
  }

  /** Ends the pause of everything; for operators. */
  async resumeEverything(call?: CallOptions): Promise<void> {
    await this.#session.call('post', '/resume', { repeatable: true }, call);
  }

  async #task(route: '/tasks/{name}/pause' | '/tasks/{name}/resume', name: string, { tenant, everyTenant, ...call }: TaskPauseOptions = {}): Promise<void> {
    const query = { tenant, ...(everyTenant === true ? { scope: 'all' as const } : {}) };
    await this.#session.call('post', route, { path: { name }, query, repeatable: true }, call);
  }
}
