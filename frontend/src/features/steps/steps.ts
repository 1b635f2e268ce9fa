/** Steps of a durable job: what they are in words, and their places on one axis of time. Pure. */
import type { JobDetail, JobStatus, Step, Steps } from '@/types';

/** The version of records that a redrive copied from the series before. */
const COPIED = 0;
const ITEM = /\[\d+\]$/;

const kinds: Record<Step['kind'], string> = {
  step: 'Step', sleep: 'Sleep', event: 'Event', invoke: 'Job', now: 'Time', uuid: 'UUID', checkpoint: 'Checkpoint',
};

export const kindOf = ({ kind, name }: Pick<Step, 'kind' | 'name'>): string => (kind === 'step' && ITEM.test(name) ? 'Map item' : kinds[kind]);

/** “load”, “load #2”: the second step of its name. */
export const titleOf = ({ name, n }: Pick<Step, 'name' | 'n'>): string => (n === 1 ? name : `${name} #${String(n)}`);

export const isCopy = ({ version }: Pick<Step, 'version'>): boolean => version === COPIED;

/** Whether a job is durable, as far as one sees: plain jobs have nothing of this. */
export function takesSteps({ status, attempts }: Pick<JobDetail, 'status' | 'attempts'>, known: Pick<Steps, 'steps' | 'events'> | undefined): boolean {
  if (status === 'waiting' || attempts.some(({ outcome }) => outcome === 'waiting' || outcome === 'continued')) return true;
  return known !== undefined && known.steps.length + known.events.length > 0;
}

/** When a job and its steps are looked at: now, or the end of the job. */
export interface Moment {
  at: number;
  ended: boolean;
}

export interface StepState {
  label: string;
  /** The state of a job whose colour it has. */
  status: JobStatus;
  /** Whether it has no end yet. */
  open: boolean;
}

const states: Record<Step['status'], StepState> = {
  pending: { label: 'Put off', status: 'pending', open: true },
  started: { label: 'Started', status: 'running', open: true },
  retrying: { label: 'Retrying', status: 'retrying', open: true },
  waiting: { label: 'Waiting', status: 'waiting', open: true },
  completed: { label: 'Completed', status: 'completed', open: false },
  failed: { label: 'Failed', status: 'dlq', open: false },
};

/** Of a step that was open when the job ended. */
export const NOT_ENDED = 'Not ended';

/** A sleep has no record of its end: the time alone says that it is over. */
const isOver = ({ kind, until }: Step, at: number): boolean => kind === 'sleep' && until !== null && Date.parse(until) <= at;

export function stateOf(step: Step, { at, ended }: Moment): StepState {
  const state = states[step.status];
  if (!state.open) return state;
  if (isOver(step, at)) return states.completed;
  return ended ? { label: NOT_ENDED, status: 'cancelled', open: false } : state;
}

/** When a step ended, or how far it is (epoch ms). */
export function endOf(step: Step, { at }: Moment): number {
  if (step.endedAt !== null) return Date.parse(step.endedAt);
  const end = isOver(step, at) ? Date.parse(step.until ?? '') : at;
  return Math.max(end, Date.parse(step.startedAt));
}

export const durationOf = (step: Step, moment: Moment): number => endOf(step, moment) - Date.parse(step.startedAt);

export interface Axis {
  fromMs: number;
  spanMs: number;
}

/** The time from the first beginning to the last end. */
export function axisOf(steps: Step[], moment: Moment): Axis {
  let [from, to] = [Infinity, -Infinity];
  for (const step of steps) {
    from = Math.min(from, Date.parse(step.startedAt));
    to = Math.max(to, endOf(step, moment));
  }
  return { fromMs: from, spanMs: Math.max(1, to - from) };
}

/** Where a step lies on the axis, as shares 0…1. */
export function barOf(step: Step, { fromMs, spanMs }: Axis, moment: Moment): { from: number; width: number } {
  const from = (Date.parse(step.startedAt) - fromMs) / spanMs;
  return { from, width: Math.min(1 - from, durationOf(step, moment) / spanMs) };
}

/** A size as people read it: 512 B, 3.4 kB. */
export const bytes = (size: number): string => (size < 1000 ? `${String(size)} B` : `${(size / 1000).toFixed(1)} kB`);

const EVENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const MAX_EVENT_NAME = 64;

/** What is wrong with the name of an event; an address would not take some names at all, such as “..”. */
export function eventNameProblem(name: string): string | undefined {
  return name.length <= MAX_EVENT_NAME && EVENT_NAME.test(name) ? undefined : `A name has up to ${String(MAX_EVENT_NAME)} letters, digits and ._-`;
}
