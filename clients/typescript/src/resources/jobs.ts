/** Jobs: submit, read, cancel, retry, replay, delete, wait. */
import type { CallOptions } from '../calls.js';
import { JobCancelled, JobFailed, JobNotCompleted, JobSkipped } from '../errors.js';
import { newKey, type Session } from '../session.js';
import {
  filterBody,
  idOf,
  jobBody,
  payloadOf,
  replayBody,
  type Job,
  type JobDetail,
  type JobEvent,
  type JobList,
  type JobOptions,
  type JobStats,
  type LogLine,
  type NewJob,
  type Payload,
  type Ref,
  type ReplayOptions,
  type Scope,
  type Step,
  type SubmittedJob,
  type SubmittedJobs,
} from '../types.js';

const LINES = 500;
const ENDED = { completed: JobNotCompleted, dlq: JobFailed, cancelled: JobCancelled, skipped: JobSkipped };

/** `client.jobs`. A job is named by its id or by what a call returned. */
export class Jobs {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Submits a job that runs `task`. The call is repeated under one idempotency key if its answer is lost, so there is one job.
   * Throws `BadRequest` with the field, `Conflict`, `RateLimited`.
   */
  async submit(task: string, payload?: Payload, { idempotencyKey, ...options }: JobOptions = {}, call?: CallOptions): Promise<SubmittedJob> {
    const body = jobBody({ ...options, task, payload });
    const answer = await this.#session.call('post', '/job/create', { body, key: idempotencyKey ?? newKey() }, call);
    return { ...answer.job, duplicate: answer.duplicate };
  }

  /** Submits up to 1,000 jobs, all or none. Either the call has an idempotency key, or jobs have their own. */
  async submitMany(jobs: readonly NewJob[], { idempotencyKey }: { idempotencyKey?: string } = {}, call?: CallOptions): Promise<SubmittedJobs> {
    const own = jobs.filter((job) => job.idempotencyKey !== undefined).length;
    const key = own > 0 ? idempotencyKey : (idempotencyKey ?? newKey());
    const body = { jobs: jobs.map(jobBody) };
    return this.#session.call('post', '/job/bulk', { body, key, repeatable: own === jobs.length }, call);
  }

  /** Returns a job with its payload, result and attempts. Throws `NotFound`. */
  async get<Result = unknown>(job: Ref, call?: CallOptions): Promise<JobDetail<Result>> {
    const answer = await this.#session.call('get', '/job/{id}', { path: { id: idOf(job) } }, call);
    return answer.job as JobDetail<Result>;
  }

  /** Iterates over jobs, newest first, at most `limit`; pages are read as they are needed. */
  list({ limit, ...filter }: JobList = {}, call?: CallOptions): AsyncGenerator<Job, void, undefined> {
    return jobsOf(this.#session, '/job', { limit, ...filter }, call);
  }

  /** Counts jobs by state. */
  async stats(scope: Scope = 'own', call?: CallOptions): Promise<JobStats> {
    return (await this.#session.call('get', '/job/stats', { query: { scope } }, call)).stats;
  }

  /** Cancels a job. A running one is asked to stop, within 5 s. Throws `Conflict` if it has ended otherwise. */
  async cancel(job: Ref, call?: CallOptions): Promise<Job> {
    return (await this.#session.call('post', '/job/{id}/cancel', { path: { id: idOf(job) }, repeatable: true }, call)).job;
  }

  /**
   * Runs a job of the dead letter queue again, or ends the wait of one that is scheduled or retrying. `payload` replaces
   * that of the job. `fromStep`: a durable job keeps only what began before the first step of this name. Throws `Conflict`.
   */
  async retry(job: Ref, { payload, fromStep }: { payload?: Payload; fromStep?: string } = {}, call?: CallOptions): Promise<Job> {
    const body = { payload: payloadOf(payload), fromStep };
    return (await this.#session.call('post', '/job/{id}/retry', { path: { id: idOf(job) }, body }, call)).job;
  }

  /**
   * Runs a job that has ended again as a new job, whose `replayOf` is its id. What the options do not change is as it was;
   * `payload` replaces the whole payload. The call is repeated under one idempotency key if its answer is lost. Throws
   * `Conflict` if the job has not ended or another one holds its unique key.
   */
  async replay(job: Ref, { payload, idempotencyKey, ...options }: ReplayOptions = {}, call?: CallOptions): Promise<Job> {
    const body = { ...replayBody(options), payload: payloadOf(payload) };
    const asked = { path: { id: idOf(job) }, body, key: idempotencyKey ?? newKey() };
    return (await this.#session.call('post', '/job/{id}/replay', asked, call)).job;
  }

  /** Deletes a job that has ended. Throws `Conflict` while it is open, or an open one depends on it. */
  async delete(job: Ref, call?: CallOptions): Promise<void> {
    await this.#session.call('delete', '/job/{id}', { path: { id: idOf(job) } }, call);
  }

  /** Iterates over the lines that a job has logged so far, oldest first; `after`: the last `seq` known. */
  async *logs(job: Ref, { after = 0 }: { after?: number } = {}, call?: CallOptions): AsyncGenerator<LogLine, void, undefined> {
    for (;;) {
      const asked = { path: { id: idOf(job) }, query: { after, limit: LINES } };
      const { lines, nextAfter } = await this.#session.call('get', '/job/{id}/logs', asked, call);
      yield* lines;
      if (lines.length < LINES) return;
      after = nextAfter;
    }
  }

  /** Iterates over the steps that a durable job recorded, in the order in which they began; with `results`, what they returned. */
  async *steps(job: Ref, { results = false }: { results?: boolean } = {}, call?: CallOptions): AsyncGenerator<Step, void, undefined> {
    for (let after: number | null = 0; after !== null; ) {
      const asked = { path: { id: idOf(job) }, query: { after, limit: LINES, results: results || undefined } };
      const answer: { steps: Step[]; nextAfter: number | null } = await this.#session.call('get', '/job/{id}/steps', asked, call);
      yield* answer.steps;
      after = answer.nextAfter;
    }
  }

  /** Returns the first 100 events that a job was sent. */
  async events(job: Ref, call?: CallOptions): Promise<JobEvent[]> {
    const asked = { path: { id: idOf(job) }, query: { limit: 1 } };
    return (await this.#session.call('get', '/job/{id}/steps', asked, call)).events;
  }

  /** Sends an event, which `ctx.wait_for_event(name)` returns. Throws `Conflict` if the job has ended. */
  async sendEvent(job: Ref, name: string, data: unknown = null, call?: CallOptions): Promise<JobEvent> {
    const asked = { path: { id: idOf(job), name }, body: data };
    return (await this.#session.call('post', '/job/{id}/events/{name}', asked, call)).event;
  }

  /**
   * Waits until a job has completed; its `result` is what the task returned. Events tell of the end; without a WebSocket
   * the job is polled. Throws `JobFailed`, `JobCancelled` or `JobSkipped` if it ends otherwise, and `WaitTimeout` after
   * `timeoutMs` (10 minutes).
   */
  async wait<Result = unknown>(job: Ref, call: CallOptions = {}): Promise<JobDetail<Result>> {
    const look = (options: CallOptions): Promise<JobDetail<Result>> => this.get<Result>(job, options);
    const done = await this.#session.waits.untilEnded(idOf(job), look, ({ status }) => status in ENDED, call);
    if (done.status !== 'completed') throw new (ENDED[done.status as keyof typeof ENDED])(done);
    return done;
  }
}

/** Iterates over the jobs of a list. */
export function jobsOf(
  session: Session,
  route: '/job' | '/dlq',
  { limit, ...filter }: Omit<JobList, 'limit'> & { limit?: number | undefined },
  call?: CallOptions,
): AsyncGenerator<Job, void, undefined> {
  const conditions = filterBody(filter) as object;
  return session.pages(async (paging) => {
    const answer = await session.call('get', route, { query: { ...conditions, ...paging } }, call);
    return { items: answer.jobs, nextCursor: answer.nextCursor };
  }, limit);
}
