/** Events of the WebSocket, and how many of them become one change. Pure. */
import type { Job, LogLine } from '@/types';

export interface ServerEvent {
  id?: string;
  type: string;
  timestamp?: string;
  data?: unknown;
}

export interface ProgressUpdate {
  jobId: string;
  attempt: number;
  rev: number;
  percent: number;
  message: string;
}

/** All that one frame has to apply: the newest state of each job, whatever the number of events. */
export interface Batch {
  jobs: Map<string, Job>;
  deleted: Map<string, number>;
  progress: Map<string, ProgressUpdate>;
  logs: Map<string, LogLine[]>;
  queues: boolean;
  /** Old jobs were deleted, a page at a time, without an event for each. */
  expired: boolean;
  limits: boolean;
  schedules: boolean;
  /** A batch, a workflow began or ended. */
  batches: boolean;
  workflows: boolean;
  /** Members, API keys or webhooks changed. */
  people: boolean;
  /** An alert rule changed, or its state. */
  alerts: boolean;
  /** A comment was added or deleted. */
  comments: boolean;
  /** A saved view was added or deleted. */
  views: boolean;
}

export function emptyBatch(): Batch {
  return { jobs: new Map(), deleted: new Map(), progress: new Map(), logs: new Map(), queues: false, expired: false, limits: false, schedules: false, batches: false, workflows: false, people: false, alerts: false, comments: false, views: false };
}

export function isEmpty(batch: Batch): boolean {
  const changes = batch.jobs.size + batch.deleted.size + batch.progress.size + batch.logs.size;
  const flags = [batch.queues, batch.expired, batch.limits, batch.schedules, batch.batches, batch.workflows, batch.people, batch.alerts, batch.comments, batch.views];
  return changes === 0 && !flags.includes(true);
}

function addJob(batch: Batch, job: Job): void {
  const known = batch.jobs.get(job._id);
  if (!known || job.rev > known.rev) batch.jobs.set(job._id, job);
}

function addLogs(batch: Batch, data: { jobId: string; attempt: number; lines: Omit<LogLine, 'attempt'>[] }): void {
  const lines = data.lines.map((line) => ({ ...line, attempt: data.attempt }));
  batch.logs.set(data.jobId, [...(batch.logs.get(data.jobId) ?? []), ...lines]);
}

type Adder = (batch: Batch, data: never) => void;

const adders: Record<string, Adder> = {
  'job:created': addJob,
  'job:completed': addJob,
  'job:movedToDLQ': addJob,
  'job:cancelled': addJob,
  'job:skipped': addJob,
  'job:continued': addJob,
  'job:status:updated': (batch, data: { job: Job }) => { addJob(batch, data.job); },
  'job:deduplicated': (batch, data: { job: Job }) => { addJob(batch, data.job); },
  'job:deleted': (batch, data: { jobId: string; rev: number }) => { batch.deleted.set(data.jobId, data.rev); },
  'jobs:expired': (batch) => { batch.expired = true; },
  'job:progress': (batch, data: ProgressUpdate) => { batch.progress.set(data.jobId, data); },
  'job:log': addLogs,
  'queue:updated': (batch) => { batch.queues = true; },
  'task:updated': (batch) => { batch.queues = true; },
  'limit:changed': (batch) => { batch.limits = true; },
  'tenant:updated': (batch) => { batch.limits = true; },
  'schedule:updated': (batch) => { batch.schedules = true; },
  'schedule:deleted': (batch) => { batch.schedules = true; },
  'batch:updated': (batch) => { batch.batches = true; },
  'workflow:updated': (batch) => { batch.workflows = true; },
  'webhook:updated': (batch) => { batch.people = true; },
  'member:updated': (batch) => { batch.people = true; },
  'api-key:updated': (batch) => { batch.people = true; },
  'alert:updated': (batch) => { batch.alerts = true; },
  'view:updated': (batch) => { batch.views = true; },
  'comment:updated': (batch) => { batch.comments = true; },
  'schedule:run': (batch) => { batch.schedules = true; },
};

/** Adds an event to the batch; one of an unknown type changes nothing, so that older pages survive newer servers. */
export function addEvent(batch: Batch, event: ServerEvent): void {
  adders[event.type]?.(batch, event.data as never);
}

/** The events in a frame: `{"type":"batch","events":[…]}` or one event. */
export function eventsIn(frame: unknown): ServerEvent[] {
  if (typeof frame !== 'object' || frame === null || !('type' in frame)) return [];
  const message = frame as ServerEvent & { events?: ServerEvent[] };
  return message.type === 'batch' ? (message.events ?? []) : [message];
}
