/**
 * Errors of the client:
 *
 * ```text
 * QueueCraftError
 * ├── ApiError             BadRequest, Unauthorized, Forbidden, NotFound, Conflict, TooLarge, RateLimited, ServerError
 * ├── ConnectionFailed
 * ├── UnexpectedAnswer
 * ├── NotCompleted
 * │   ├── JobNotCompleted  JobFailed, JobCancelled, JobSkipped
 * │   ├── BatchNotCompleted
 * │   ├── WorkflowNotCompleted
 * │   └── OperationNotCompleted
 * ├── WaitTimeout
 * └── InvalidWorkflow
 * ```
 *
 * A call that is aborted throws the reason of its signal.
 */
import type { Schemas } from './calls.js';
import type { Batch, JobDetail, Operation, WorkflowDetail } from './types.js';

/** The base of all errors of the client. */
export class QueueCraftError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Thrown when the API refuses a call. */
export class ApiError extends QueueCraftError {
  /** The status of HTTP. */
  readonly status: number;
  /** What is wrong, in a stable word. */
  readonly code: string;
  /** Names the call in the logs of the server. */
  readonly traceId: string | undefined;
  /** The dotted path of the value at fault. */
  readonly field: string | undefined;
  /** The answer as it was. */
  readonly body: Partial<Schemas['ErrorAnswer']>;

  constructor(status: number, body: Partial<Schemas['ErrorAnswer']>) {
    super(body.message ?? body.error ?? `HTTP ${String(status)}`);
    this.status = status;
    this.code = body.code ?? String(status);
    this.traceId = body.traceId ?? undefined;
    this.field = body.field ?? undefined;
    this.body = body;
  }
}

/** Thrown for a value that is invalid; `field` names it. */
export class BadRequest extends ApiError {}
/** Thrown without valid credentials. */
export class Unauthorized extends ApiError {}
/** Thrown when the role of the user, or the scope of the API key, does not allow a call. */
export class Forbidden extends ApiError {}
/** Thrown for what does not exist, or belongs to others. */
export class NotFound extends ApiError {}
/** Thrown when the state of something does not allow a call. */
export class Conflict extends ApiError {}
/** Thrown when a body is too large. */
export class TooLarge extends ApiError {}
/** Thrown when the server failed, or a database is unavailable. */
export class ServerError extends ApiError {}

/** Thrown when a limit is reached. */
export class RateLimited extends ApiError {
  /** Seconds until the call may be repeated; `undefined` for a limit that time alone does not lift. */
  readonly retryAfterS: number | undefined;

  constructor(status: number, body: Partial<Schemas['ErrorAnswer']>, retryAfterS?: number) {
    super(status, body);
    this.retryAfterS = retryAfterS ?? body.retryAfter ?? undefined;
  }
}

/** Thrown when no answer came. */
export class ConnectionFailed extends QueueCraftError {
  /** Whether the call may have been carried out. */
  readonly sent: boolean;

  constructor(message: string, sent: boolean, cause?: unknown) {
    super(message, { cause });
    this.sent = sent;
  }
}

/** Thrown when it is not the API that answers. */
export class UnexpectedAnswer extends QueueCraftError {}

/** Thrown by waits when what they wait for ended otherwise than completed. */
export class NotCompleted extends QueueCraftError {}

/** Thrown when a job ended otherwise than completed. */
export class JobNotCompleted extends NotCompleted {
  /** The job in full. */
  readonly job: JobDetail;

  constructor(job: JobDetail) {
    const why = job.error ? `: ${job.error.type}: ${job.error.message}` : '';
    super(`The job ${job.name} (${job._id}) ended as ${job.status}${why}`);
    this.job = job;
  }
}

/** Thrown when a job failed without retries left; `job.error` says why. */
export class JobFailed extends JobNotCompleted {}
/** Thrown when a job was cancelled. */
export class JobCancelled extends JobNotCompleted {}
/** Thrown when the jobs that a job depends on ended otherwise than it asks. */
export class JobSkipped extends JobNotCompleted {}

/** Thrown when jobs of a batch did not complete, or it was cancelled. */
export class BatchNotCompleted extends NotCompleted {
  /** The batch with its counts. */
  readonly batch: Batch;

  constructor(batch: Batch) {
    const { name, _id, status, done, total, failed, cancelled } = batch;
    super(
      `The batch ${name} (${_id}) ended as ${status}: ${String(done)} of ${String(total)} jobs completed, ` +
        `${String(failed)} failed, ${String(cancelled)} were cancelled`,
    );
    this.batch = batch;
  }
}

/** Thrown when a workflow failed or was cancelled. */
export class WorkflowNotCompleted extends NotCompleted {
  /** The workflow with its nodes. */
  readonly workflow: WorkflowDetail;

  constructor(workflow: WorkflowDetail) {
    const bad = workflow.nodes.filter(({ status }) => status && status !== 'completed' && status !== 'skipped');
    const names = bad.map(({ id, status }) => `${id} (${String(status)})`).join(', ');
    super(`The workflow ${workflow.name} (${workflow._id}) ended as ${workflow.status}${names && `: ${names}`}`);
    this.workflow = workflow;
  }
}

/** Thrown when an operation failed or was cancelled. What it has done stays. */
export class OperationNotCompleted extends NotCompleted {
  readonly operation: Operation;

  constructor(operation: Operation) {
    const why = operation.error ? `: ${operation.error.message}` : '';
    super(`The operation ${operation.name} (${operation._id}) ended as ${String(operation.status)}${why}`);
    this.operation = operation;
  }
}

/** Something that ends. */
export interface Ending {
  _id: string;
  status: string | null;
}

/** Thrown when what was waited for has not ended in time. It goes on; wait again, or cancel it. */
export class WaitTimeout<T extends Ending = Ending> extends QueueCraftError {
  /** The job, batch, workflow or operation as it was last seen. */
  readonly last: T;

  constructor(last: T, timeoutMs: number) {
    super(`${last._id} has not ended within ${String(timeoutMs)} ms: it is ${String(last.status)}`);
    this.last = last;
  }
}

/** Thrown when a workflow cannot run: a cycle, an unknown node, a reference to nothing. */
export class InvalidWorkflow extends QueueCraftError {}

const BY_STATUS = new Map<number, typeof ApiError>([
  [400, BadRequest],
  [401, Unauthorized],
  [403, Forbidden],
  [404, NotFound],
  [409, Conflict],
  [413, TooLarge],
]);

/** Returns the error that an answer means. `retryAfterS`: from its header. */
export function errorOf(status: number, body: unknown, retryAfterS?: number): ApiError {
  const said = (typeof body === 'object' && body !== null ? body : {}) as Partial<Schemas['ErrorAnswer']>;
  if (status === 429) return new RateLimited(status, said, retryAfterS);
  if (status >= 500) return new ServerError(status, said);
  return new (BY_STATUS.get(status) ?? ApiError)(status, said);
}

/** Returns whether an error passes by itself, so that a wait goes on. */
export function passes(error: unknown): boolean {
  return error instanceof ConnectionFailed || error instanceof ServerError || error instanceof RateLimited;
}
