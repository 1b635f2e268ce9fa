/** Schedules: put, list, pause, resume, run, preview. */
import type { CallOptions, TenantOptions } from '../calls.js';
import type { Session } from '../session.js';
import { payloadOf, timeOf, type NewSchedule, type Preview, type Run, type Schedule, type ScheduleDetail, type ScheduleList, type Time, type Timing } from '../types.js';
import { tenantOf } from './queues.js';

/** `client.schedules`. A schedule is named; operators may name another `tenant`. */
export class Schedules {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Creates a schedule, or replaces what it does; a script may repeat it with each deployment. It fires by one of `cron`
   * (with `tz`), `everyS` and `at`. Throws `BadRequest`, and `Conflict` if another member has the name.
   */
  async put(name: string, { payload, at, ...rest }: NewSchedule, options: TenantOptions = {}): Promise<ScheduleDetail> {
    const asked = { path: { name }, ...tenantOf(options), body: { ...rest, payload: payloadOf(payload), at: timeOf(at) } };
    return (await this.#session.call('put', '/schedules/{name}', asked, options)).schedule;
  }

  /** Returns a schedule with the payload of its jobs. Throws `NotFound`. */
  async get(name: string, options: TenantOptions = {}): Promise<ScheduleDetail> {
    return (await this.#session.call('get', '/schedules/{name}', { path: { name }, ...tenantOf(options) }, options)).schedule;
  }

  /** Iterates over schedules, newest first, at most `limit`. */
  list({ limit, ...filter }: ScheduleList = {}, call?: CallOptions): AsyncGenerator<Schedule, void, undefined> {
    return this.#session.pages(async (paging) => {
      const answer = await this.#session.call('get', '/schedules', { query: { ...filter, ...paging } }, call);
      return { items: answer.schedules, nextCursor: answer.nextCursor };
    }, limit);
  }

  /** Deletes a schedule; its jobs stay. */
  async delete(name: string, options: TenantOptions = {}): Promise<void> {
    await this.#session.call('delete', '/schedules/{name}', { path: { name }, ...tenantOf(options) }, options);
  }

  /** Lets a schedule fire no more. */
  async pause(name: string, options: TenantOptions = {}): Promise<ScheduleDetail> {
    const asked = { path: { name }, ...tenantOf(options), repeatable: true };
    return (await this.#session.call('post', '/schedules/{name}/pause', asked, options)).schedule;
  }

  /** Lets a paused schedule fire from now on. */
  async resume(name: string, options: TenantOptions = {}): Promise<ScheduleDetail> {
    const asked = { path: { name }, ...tenantOf(options), repeatable: true };
    return (await this.#session.call('post', '/schedules/{name}/resume', asked, options)).schedule;
  }

  /** Makes a job at once, whatever is open. */
  async run(name: string, options: TenantOptions = {}): Promise<Run> {
    return (await this.#session.call('post', '/schedules/{name}/run', { path: { name }, ...tenantOf(options) }, options)).run;
  }

  /** Iterates over the fires of a schedule and what became of them, newest first, at most `limit`. */
  runs(name: string, { limit, ...options }: TenantOptions & { limit?: number } = {}): AsyncGenerator<Run, void, undefined> {
    return this.#session.pages(async (paging) => {
      const asked = { path: { name }, query: { tenant: options.tenant, ...paging } };
      const answer = await this.#session.call('get', '/schedules/{name}/runs', asked, options);
      return { items: answer.runs, nextCursor: answer.nextCursor };
    }, limit);
  }

  /** Returns a timing in words, and its next five fires after `from`, by default from now on. */
  async preview({ at, from, ...timing }: Timing & { from?: Time }, call?: CallOptions): Promise<Preview> {
    const asked = { ...timing, at: timeOf(at), from: timeOf(from) };
    return this.#session.call('post', '/schedules/preview', { body: asked, repeatable: true }, call);
  }
}
