/** Batches: submit, read, cancel, wait. */
import type { CallOptions } from '../calls.js';
import { BatchNotCompleted } from '../errors.js';
import { newKey, type Session } from '../session.js';
import { idOf, jobBody, type Batch, type BatchList, type Callback, type Job, type JobList, type NewBatchJob, type Ref } from '../types.js';
import { jobsOf } from './jobs.js';

/** States of a batch that has not ended. */
const OPEN: string[] = ['submitting', 'running'] satisfies Batch['status'][];

/** `client.batches`. A batch is named by its id or by what a call returned. */
export class Batches {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Submits up to 10,000 jobs that belong together. `onComplete` is submitted when all have ended, `onSuccess` if all
   * completed. A call whose answer is lost is repeated under one idempotency key, and continued where it stopped.
   */
  async submit(
    name: string,
    jobs: readonly NewBatchJob[],
    { onComplete, onSuccess, idempotencyKey = newKey() }: { onComplete?: Callback; onSuccess?: Callback; idempotencyKey?: string } = {},
    call?: CallOptions,
  ): Promise<Batch> {
    const body = {
      name,
      jobs: jobs.map(jobBody),
      onComplete: onComplete && jobBody(onComplete),
      onSuccess: onSuccess && jobBody(onSuccess),
    };
    return (await this.#session.call('post', '/batches', { body, key: idempotencyKey }, call)).batch;
  }

  /** Returns a batch with its progress. Throws `NotFound`. */
  async get(batch: Ref, call?: CallOptions): Promise<Batch> {
    return (await this.#session.call('get', '/batches/{id}', { path: { id: idOf(batch) } }, call)).batch;
  }

  /** Iterates over batches, newest first, at most `limit`. */
  list({ limit, ...filter }: BatchList = {}, call?: CallOptions): AsyncGenerator<Batch, void, undefined> {
    return this.#session.pages(async (paging) => {
      const answer = await this.#session.call('get', '/batches', { query: { ...filter, ...paging } }, call);
      return { items: answer.batches, nextCursor: answer.nextCursor };
    }, limit);
  }

  /** Iterates over the jobs of a batch, newest first, at most `limit`. */
  jobs(batch: Ref, filter: Omit<JobList, 'batch'> = {}, call?: CallOptions): AsyncGenerator<Job, void, undefined> {
    return jobsOf(this.#session, '/job', { ...filter, batch }, call);
  }

  /** Cancels the open jobs of a batch; its callbacks are not submitted. Throws `Conflict` if it has ended. */
  async cancel(batch: Ref, call?: CallOptions): Promise<Batch> {
    return (await this.#session.call('post', '/batches/{id}/cancel', { path: { id: idOf(batch) } }, call)).batch;
  }

  /** Waits until all jobs of a batch have completed. Throws `BatchNotCompleted` if one did not, and `WaitTimeout` after `timeoutMs`. */
  async wait(batch: Ref, call: CallOptions = {}): Promise<Batch> {
    const look = (options: CallOptions): Promise<Batch> => this.get(batch, options);
    const done = await this.#session.waits.untilEnded(idOf(batch), look, ({ status }) => !OPEN.includes(status), call);
    if (done.status !== 'completed') throw new BatchNotCompleted(done);
    return done;
  }
}
