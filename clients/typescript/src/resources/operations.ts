/** Operations on all jobs that match a filter: start, look at, cancel, wait. */
import type { CallOptions, Schemas } from '../calls.js';
import { OperationNotCompleted, UnexpectedAnswer } from '../errors.js';
import type { Session } from '../session.js';
import { filterBody, idOf, type DlqList, type Matched, type Operation, type OperationList, type Ref } from '../types.js';

/** What an operation does to each job. */
export type BulkAction = Schemas['StartOperation']['action'];
/** What replays have otherwise than their origins; `merge` is a JSON merge patch (RFC 7386) of each payload. */
export type ReplayChanges = Schemas['ReplayChanges'];
/** Which jobs an operation changes, however many match. */
export type OperationFilter = Omit<DlqList, 'limit' | 'sort' | 'payload'>;

/** `client.operations`. An operation is named by its id or by what a call returned. */
export class Operations {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Cancels, retries, redrives, deletes or replays all jobs that match, however many; at most `ratePerMin` in a minute. It
   * changes no job that was submitted after it, and runs none again twice. `replay` runs ended jobs again as new ones, with
   * `changes` if given.
   */
  async start(
    action: BulkAction,
    filter: OperationFilter,
    options: { name?: string; ratePerMin?: number; changes?: ReplayChanges } = {},
    call?: CallOptions,
  ): Promise<Operation> {
    const answer = await this.#session.call('post', '/operations', { body: { action, filter: filterBody(filter), ...options } }, call);
    if (!('operation' in answer)) throw new UnexpectedAnswer('The answer has no operation');
    return answer.operation;
  }

  /** Returns how many jobs `start` would change, and the oldest ten; changes none. */
  async count(action: BulkAction, filter: OperationFilter, options: { changes?: ReplayChanges } = {}, call?: CallOptions): Promise<Matched> {
    const asked = { body: { action, filter: filterBody(filter), dryRun: true, ...options }, repeatable: true };
    const answer = await this.#session.call('post', '/operations', asked, call);
    if (!('matched' in answer)) throw new UnexpectedAnswer('The answer has no count');
    return { matched: answer.matched, sample: answer.sample, payloads: answer.payloads };
  }

  /** Returns an operation of one's own. Throws `NotFound`. */
  async get(operation: Ref, call?: CallOptions): Promise<Operation> {
    return (await this.#session.call('get', '/operations/{id}', { path: { id: idOf(operation) } }, call)).operation;
  }

  /** Iterates over one's operations, newest first, at most `limit`. */
  list({ limit, ...filter }: OperationList = {}, call?: CallOptions): AsyncGenerator<Operation, void, undefined> {
    return this.#session.pages(async (paging) => {
      const answer = await this.#session.call('get', '/operations', { query: { ...filter, ...paging } }, call);
      return { items: answer.operations, nextCursor: answer.nextCursor };
    }, limit);
  }

  /** Cancels an operation; what it has done stays. Throws `Conflict` if it has ended. */
  async cancel(operation: Ref, call?: CallOptions): Promise<Operation> {
    return (await this.#session.call('post', '/operations/{id}/cancel', { path: { id: idOf(operation) } }, call)).operation;
  }

  /** Waits until an operation has completed. Throws `OperationNotCompleted` if it failed or was cancelled, and `WaitTimeout` after `timeoutMs`. */
  async wait(operation: Ref, call: CallOptions = {}): Promise<Operation> {
    const look = (options: CallOptions): Promise<Operation> => this.get(operation, options);
    const hasEnded = ({ status, finishedAt }: Operation): boolean => status === null || finishedAt !== null;
    const done = await this.#session.waits.untilEnded(idOf(operation), look, hasEnded, call);
    if (done.status !== 'completed') throw new OperationNotCompleted(done);
    return done;
  }
}
