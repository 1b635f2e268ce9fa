/** The dead letter queue: list, groups, redrive, delete. */
import type { CallOptions, Schemas } from '../calls.js';
import type { Session } from '../session.js';
import { filterBody, idOf, payloadOf, type DlqAction, type DlqChoice, type DlqGroup, type DlqList, type Job, type Payload, type Ref, type Scope } from '../types.js';
import { jobsOf } from './jobs.js';

/** `client.dlq`. */
export class Dlq {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /** Iterates over dead jobs, newest first, at most `limit`; pages are read as they are needed. */
  list(filter: DlqList = {}, call?: CallOptions): AsyncGenerator<Job, void, undefined> {
    return jobsOf(this.#session, '/dlq', filter, call);
  }

  /** Returns groups of jobs whose errors are alike, the largest first, at most 100. */
  async groups(whose: { scope?: Scope; owner?: string; tenant?: string } = {}, call?: CallOptions): Promise<DlqGroup[]> {
    return (await this.#session.call('get', '/dlq/groups', { query: whose }, call)).groups;
  }

  /** Runs a dead job again, with another payload if one is given. Throws `Conflict` if it is not dead. */
  async redrive(job: Ref, payload?: Payload, call?: CallOptions): Promise<Job> {
    const body = { payload: payloadOf(payload) };
    return (await this.#session.call('post', '/dlq/{id}/redrive', { path: { id: idOf(job) }, body }, call)).job;
  }

  /**
   * Runs dead jobs again, however many match: 1,000 a call, of which the answers are added up.
   * If it fails in between, call it again: what was redriven matches no more.
   */
  redriveMany(choice: DlqChoice, call?: CallOptions): Promise<DlqAction> {
    return this.#act('/dlq/redrive', choice, call);
  }

  /** Deletes dead jobs, chosen as for `redriveMany`. */
  deleteMany(choice: DlqChoice, call?: CallOptions): Promise<DlqAction> {
    return this.#act('/dlq/delete', choice, call);
  }

  async #act(route: '/dlq/redrive' | '/dlq/delete', choice: DlqChoice, call?: CallOptions): Promise<DlqAction> {
    const { dryRun = false } = choice;
    const { ids, filter, group, scope } = choice as Partial<{ ids: Ref[]; filter: DlqList; group: string; scope: Scope }>;
    const body: Schemas['ActOnDead'] = { ids: ids?.map(idOf), filter: filter && filterBody(filter), group, scope, dryRun };
    let done = await this.#session.call('post', route, { body }, call);
    const { matched } = done;
    let { changed, failed } = done;
    while (done.nextAfter !== null && !dryRun) {
      done = await this.#session.call('post', route, { body: { ...body, after: done.nextAfter } }, call);
      changed += done.changed;
      failed = [...failed, ...done.failed];
    }
    return { matched, changed, failed, dryRun };
  }
}
