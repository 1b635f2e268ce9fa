/** The client: all calls by noun. */
import type { Answer, Asked, CallOptions, Method, Route } from './calls.js';
import { Alerts } from './resources/alerts.js';
import { Batches } from './resources/batches.js';
import { Comments } from './resources/comments.js';
import { Dlq } from './resources/dlq.js';
import { Jobs } from './resources/jobs.js';
import { Operations } from './resources/operations.js';
import { Pauses } from './resources/pauses.js';
import { Limits, Queues } from './resources/queues.js';
import { Schedules } from './resources/schedules.js';
import { Webhooks } from './resources/webhooks.js';
import { Workflows } from './resources/workflows.js';
import { Session, type ClientOptions } from './session.js';
import { streamOf, type StreamOptions } from './stream.js';
import type { JobDetail, Ref, StreamEvent } from './types.js';

/**
 * A client of QueueCraft. It holds nothing open but the WebSocket of its waits and streams, while there are some.
 *
 * @example
 * ```ts
 * const client = new Client('http://localhost:2000', { email: 'ada@example.com', password: '…' });
 * const job = await client.jobs.submit('resize', { url: 'https://example.com/cat.png' });
 * console.log((await client.wait(job, { timeoutMs: 60_000 })).result);
 * ```
 */
export class Client {
  readonly jobs: Jobs;
  readonly dlq: Dlq;
  readonly queues: Queues;
  readonly limits: Limits;
  readonly schedules: Schedules;
  readonly batches: Batches;
  readonly workflows: Workflows;
  readonly operations: Operations;
  readonly pauses: Pauses;
  readonly alerts: Alerts;
  readonly webhooks: Webhooks;
  readonly comments: Comments;
  readonly #session: Session;

  /** Makes a client of the API at `url`. Throws `TypeError` for options that do not fit together. */
  constructor(url: string, options: ClientOptions) {
    this.#session = new Session(url, options);
    this.jobs = new Jobs(this.#session);
    this.dlq = new Dlq(this.#session);
    this.queues = new Queues(this.#session);
    this.limits = new Limits(this.#session);
    this.schedules = new Schedules(this.#session);
    this.batches = new Batches(this.#session);
    this.workflows = new Workflows(this.#session);
    this.operations = new Operations(this.#session);
    this.pauses = new Pauses(this.#session);
    this.alerts = new Alerts(this.#session);
    this.webhooks = new Webhooks(this.#session);
    this.comments = new Comments(this.#session);
  }

  /** Waits until a job has completed, as `client.jobs.wait`. */
  wait<Result = unknown>(job: Ref, call?: CallOptions): Promise<JobDetail<Result>> {
    return this.jobs.wait<Result>(job, call);
  }

  /**
   * Iterates over events as they happen. A lost connection is resumed behind the last event. An event of the type `resync`
   * says that events before it are missing: read again over HTTP. Throws `QueueCraftError` where there is no WebSocket.
   */
  stream(options: StreamOptions = {}): AsyncGenerator<StreamEvent, void, undefined> {
    return streamOf(this.#session, options);
  }

  /**
   * Calls any route of the API, typed by its OpenAPI document, with the credentials, retries and errors of all other calls.
   *
   * @example
   * ```ts
   * const { tasks } = await client.call('get', '/tasks', {});
   * ```
   */
  call<M extends Method, P extends Route<M>>(method: M, route: P, asked: Asked<M, P>, options?: CallOptions): Promise<Answer<M, P>> {
    return this.#session.call(method, route, asked, options);
  }
}
