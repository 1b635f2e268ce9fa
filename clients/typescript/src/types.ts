/** What calls take and answer. Names and fields are those of the API; nothing here is written by hand that its document has. */
import type { Schemas } from './calls.js';
import type { paths } from './api.gen.js';

/** The state of a job. */
export type JobStatus = Schemas['JobStatus'];
/** Whose: the caller's own, those of the tenant, or all, as far as the role allows. */
export type Scope = Schemas['Scope'];
/** How the jobs that a job depends on must end. */
export type RunIf = Schemas['RunIf'];
/** A job as lists answer it. */
export type Job = Schemas['JobOut'];
/** A job as a submission answers it. */
export type SubmittedJob = Job & {
  /** Whether it is another job, which holds the unique key, that stands for the one that was submitted. */
  duplicate: boolean;
};
/** A job in full, except for its log. `Result`: what its task returns. */
export type JobDetail<Result = unknown> = Omit<Schemas['JobDetailOut'], 'result'> & {
  /** What the task returned. */
  result: Result;
};
/** Jobs of one call, in its order. `jobs` is empty if that is more than one answer can hold; `ids` has all of them. */
export type SubmittedJobs = Schemas['JobsCreatedAnswer'];
/** Jobs by state. */
export type JobStats = Schemas['StatsOut'];
/** A line that a job logged. `seq` orders the lines of a job. */
export type LogLine = Schemas['LogLineOut'];
/** A step that a durable job recorded. */
export type Step = Schemas['StepOut'];
/** An event that was sent to a job. */
export type JobEvent = Schemas['EventOut'];
/** Dead jobs whose errors are alike. */
export type DlqGroup = Schemas['DlqGroupOut'];
/** What a redrive or deletion of many jobs did. */
export type DlqAction = Pick<Schemas['ActionAnswer'], 'matched' | 'changed' | 'failed' | 'dryRun'>;
/** A queue with its open jobs. */
export type Queue = Schemas['QueueOut'];
/** A limit that tasks declare, as it stands for a tenant. */
export type Limit = Schemas['LimitOut'];
/** A limit with its busiest keys and the running jobs that hold it. */
export type LimitDetail = Schemas['LimitDetailOut'];
/** A schedule as lists answer it. */
export type Schedule = Schemas['ScheduleOut'];
/** A schedule with the payload of its jobs. */
export type ScheduleDetail = Schemas['ScheduleDetailOut'];
/** What became of a fire of a schedule. */
export type Run = Schemas['RunOut'];
/** A timing in words, and its next five fires. */
export type Preview = Pick<Schemas['PreviewAnswer'], 'words' | 'next'>;
/** A batch with its progress. */
export type Batch = Schemas['BatchOut'];
/** A workflow as lists answer it. */
export type WorkflowSummary = Schemas['WorkflowOut'];
/** A workflow with the states of its nodes. */
export type WorkflowDetail = Schemas['WorkflowDetailOut'];
/** Work on all jobs that match a filter, by a job with the same id; `status` is null once that was deleted. */
export type Operation = Schemas['OperationOut'];
/** What an operation would change: how many jobs (counted up to 100,000), and the oldest of them. */
export type Matched = Pick<Schemas['MatchedAnswer'], 'matched' | 'sample' | 'payloads'>;

/** An alert rule and its state. */
export type Alert = Schemas['AlertOut'];
/** What an alert rule would measure now. */
export type AlertReading = Schemas['AlertPreviewOut'];
/** A firing of an alert rule. */
export type Firing = Schemas['FiringOut'];
/** The pauses that hold for all queues of a tenant, and those of tasks. */
export type StandingPauses = Pick<Schemas['PausesAnswer'], 'tenant' | 'everything' | 'tasks'>;
/** A webhook without its secret. */
export type Webhook = Schemas['WebhookOut'];
/** A webhook, and its secret, which is shown once. */
export type WebhookSecret = Pick<Schemas['SecretAnswer'], 'webhook' | 'secret'>;
/** A message of a webhook, and the attempts to deliver it. */
export type Delivery = Schemas['DeliveryOut'];
/** A comment on a job or on a group of dead letters. */
export type Comment = Schemas['CommentOut'];

/** A time: a `Date`, or text in ISO 8601 with a time zone. */
export type Time = Date | string;
/** Input of a task: an object that JSON can hold; in a workflow also with references to results of nodes. */
export type Payload = object;
/** A job, batch or workflow: its id, or what a call returned. */
export type Ref = string | { readonly _id: string };

/** Options of any job, also of one that a schedule or a batch makes; the task sets the defaults. */
export type TemplateOptions = Partial<Pick<Schemas['CreateJob'], 'queue' | 'priority' | 'maxRetries' | 'timeoutS' | 'tags'>>;

/** Options of jobs of batches and of nodes of workflows. */
export interface PlainOptions extends TemplateOptions, Pick<Schemas['CreateJob'], 'delayS' | 'limitKeys'> {
  /** Default: that of the task; for nodes, their id. */
  name?: string;
  runAt?: Time;
  /** W3C trace context; default: what `traceparent` of the client's options returns. */
  traceparent?: string;
}

/** Options of a submission. */
export interface JobOptions extends PlainOptions {
  /** One job of the tenant, the task and the key holds the key at a time. */
  unique?: Schemas['UniqueIn'];
  /** Jobs that must have ended before this one runs. */
  dependsOn?: readonly Ref[];
  /** How the jobs of `dependsOn` must end; default: `all_ok`. */
  runIf?: RunIf;
  /** Identifies the submission for 24 hours; default: a new one for each call. */
  idempotencyKey?: string;
}

/** What of a replay differs from the ended job; all else is taken over. */
export interface ReplayOptions extends TemplateOptions {
  /** Replaces the whole payload. */
  payload?: Payload;
  name?: string;
  delayS?: number;
  runAt?: Time;
  /** Identifies the replay for 24 hours; default: a new one for each call. */
  idempotencyKey?: string;
}

/** A job of a bulk submission. */
export interface NewJob extends JobOptions {
  task: string;
  payload?: Payload;
}

/** A job of a batch. */
export interface NewBatchJob extends PlainOptions {
  task: string;
  payload?: Payload;
}

/** A job that is submitted when a batch ends. */
export interface Callback extends TemplateOptions {
  task: string;
  name?: string;
  payload?: Payload;
}

type Query<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } } ? NonNullable<Q> : never;
/** A list: its filters, and at most how many elements are read. */
type List<P extends keyof paths, Changed extends string = never> = Omit<Query<P>, 'cursor' | 'limit' | 'count' | Changed> & {
  /** At most so many; default: all. */
  limit?: number;
};

/** Conditions that jobs must all meet, and their order. */
export type JobList = List<'/job', 'from' | 'to' | 'batch' | 'payload'> & {
  /** A field of the payload: `customer.id=42`, or `customer.name~ada` for text that contains it. */
  payload?: string;
  /** Created at this time or later. */
  from?: Time;
  /** Created before this time. */
  to?: Time;
  /** Of this batch. */
  batch?: Ref;
};

/** Conditions that dead jobs must all meet, and their order. */
export type DlqList = JobList & {
  /** `error.group`: errors that are alike. */
  group?: string;
  /** Entered the DLQ at this time or later. */
  finishedFrom?: Time;
  /** Entered the DLQ before this time. */
  finishedTo?: Time;
};

/** Conditions of a list of batches. */
export type BatchList = List<'/batches'>;
/** Conditions of a list of workflows. */
export type WorkflowList = List<'/workflows'>;
/** Conditions of a list of schedules. */
export type ScheduleList = List<'/schedules'>;
/** Conditions of a list of operations. */
export type OperationList = List<'/operations'>;

/** Which dead jobs: by `ids` (up to 1,000), by `filter`, or by `group`; the last two however many match. */
export type DlqChoice = ({ ids: readonly Ref[] } | { filter: Omit<DlqList, 'limit' | 'sort' | 'payload'> } | { group: string; scope?: Scope }) & {
  /** Only counts. */
  dryRun?: boolean;
};

/** When a schedule fires: one of `cron` (with `tz`), `everyS` and `at`. */
export type Timing = Omit<Schemas['PreviewSchedule'], 'at' | 'from'> & {
  /** Fires once. */
  at?: Time;
};

/** A schedule: when it fires, and the job of each fire. */
export type NewSchedule = Omit<Schemas['PutSchedule'], 'at' | 'payload' | 'task'> & {
  task: string;
  payload?: Payload;
  /** Fires once. */
  at?: Time;
};

/** An event of the stream, such as `job:completed`. `resync` says that events before it are missing. */
export interface StreamEvent {
  type: string;
  id: string;
  timestamp?: string;
  tenantId?: string;
  ownerId?: string;
  data: Record<string, unknown>;
}

/** Returns the id of something, or the id that was given. */
export function idOf(ref: Ref): string {
  return typeof ref === 'string' ? ref : ref._id;
}

/** Returns a time as the API takes it. Throws `RangeError` for an invalid `Date`. */
export function timeOf(time: Time | undefined): string | undefined {
  return time instanceof Date ? time.toISOString() : time;
}

/** Returns a job or a callback as it is sent: by default named after its task. */
export function jobBody({ task, name, payload, runAt, dependsOn, ...options }: NewJob): Schemas['CreateJob'] {
  return { ...options, payload: payloadOf(payload), runAt: timeOf(runAt), name: name ?? task, task, dependsOn: dependsOn?.map(idOf) };
}

/** Returns the options of a replay as they are sent. */
export function replayBody({ runAt, ...options }: Omit<ReplayOptions, 'payload' | 'idempotencyKey'>): Schemas['ReplayJob'] {
  return { ...options, runAt: timeOf(runAt) };
}

/** Returns a payload as the API's document types it. */
export function payloadOf(payload: Payload | undefined): Record<string, unknown> | undefined {
  return payload as Record<string, unknown> | undefined;
}

/** Returns the conditions of a list as they are sent. */
export function filterBody({ from, to, finishedFrom, finishedTo, batch, ...rest }: DlqList): Schemas['NarrowingDead'] {
  const times = { from: timeOf(from), to: timeOf(to), finishedFrom: timeOf(finishedFrom), finishedTo: timeOf(finishedTo) };
  return { ...rest, ...times, batch: batch && idOf(batch) };
}
