/** What alert rules say, and what their form sends. Pure. */
import { count, duration, plural } from '@/lib/format';
import type { Alert, AlertCondition, AlertKind, AlertStatus, NewAlert } from '@/types';

export const kindLabel: Record<AlertKind, string> = {
  queue_age: 'Age of the oldest waiting job',
  dlq_growth: 'New dead letters',
  failure_rate: 'Failure rate',
  schedule_overdue: 'Schedule overdue',
  schedule_failures: 'Schedule fails repeatedly',
};
export const kinds = Object.keys(kindLabel) as AlertKind[];

export const statusLabel: Record<AlertStatus, string> = { ok: 'OK', pending: 'Pending', firing: 'Firing', resolved: 'Resolved' };
/** The colours of job states that mean the same. */
export const statusColour: Record<AlertStatus, string> = { ok: 'completed', pending: 'retrying', firing: 'dlq', resolved: 'completed' };
export const severityLabel: Record<Alert['severity'], string> = { info: 'Info', warning: 'Warning', critical: 'Critical' };

/** What the threshold of each kind counts. */
export const unitOf: Record<AlertKind, string> = { queue_age: 'minutes', dlq_growth: 'jobs', failure_rate: 'percent', schedule_overdue: 'minutes', schedule_failures: 'jobs in a row' };
const IN_MINUTES: readonly AlertKind[] = ['queue_age', 'schedule_overdue'];
const WINDOWED: readonly AlertKind[] = ['dlq_growth', 'failure_rate'];
const OF_SCHEDULES: readonly AlertKind[] = ['schedule_overdue', 'schedule_failures'];

export const hasWindow = (kind: AlertKind): boolean => WINDOWED.includes(kind);
export const hasSchedule = (kind: AlertKind): boolean => OF_SCHEDULES.includes(kind);
export const mayBeForAll = (kind: AlertKind): boolean => kind !== 'schedule_failures';

/** A measured value as people read it. */
export function valueText(kind: AlertKind, value: number | null): string {
  if (value === null) return 'nothing to measure';
  if (IN_MINUTES.includes(kind)) return duration(Math.round(value) * 1000).replace('.0 s', ' s').replace(/^0 ms$/, '0 s');
  return kind === 'failure_rate' ? `${String(Math.round(value * 100) / 100)} %` : plural(value, 'job');
}

/** Value, what is worst, and of how many jobs. */
export function readingText(kind: AlertKind, { value, subject, jobs }: { value: number | null; subject: string; jobs: number | null }): string {
  const of = jobs === null ? '' : ` of ${count(jobs)} jobs`;
  return `${valueText(kind, value)}${of}${subject ? ` (${subject})` : ''}`;
}

export interface AlertForm {
  name: string;
  kind: AlertKind;
  scope: 'tenant' | 'all';
  /** In the unit of the kind. */
  threshold: string;
  windowMin: string;
  minJobs: string;
  queue: string;
  task: string;
  schedule: string;
  forMin: string;
  repeatMin: string;
  severity: Alert['severity'];
  enabled: boolean;
}

export const blankForm: AlertForm = {
  name: '', kind: 'queue_age', scope: 'tenant', threshold: '10', windowMin: '15', minJobs: '10', queue: '', task: '', schedule: '', forMin: '2', repeatMin: '0', severity: 'warning', enabled: true,
};

/** A usual threshold of each kind, for a new rule. */
export const usual: Record<AlertKind, string> = { queue_age: '10', dlq_growth: '10', failure_rate: '20', schedule_overdue: '5', schedule_failures: '3' };

const minutes = (seconds: number): string => String(Math.round(seconds / 0.6) / 100);

export function formOf(alert: Alert): AlertForm {
  return {
    name: alert.name, kind: alert.kind, scope: alert.scope, severity: alert.severity, enabled: alert.enabled,
    threshold: IN_MINUTES.includes(alert.kind) ? minutes(alert.threshold) : String(alert.threshold),
    windowMin: minutes(alert.windowS), minJobs: String(alert.minJobs), forMin: minutes(alert.forS), repeatMin: minutes(alert.repeatS),
    queue: alert.queue ?? '', task: alert.task ?? '', schedule: alert.schedule ?? '',
  };
}

/** A number that was typed; `NaN` if it is none. */
function numberOf(text: string): number {
  return /^\d{1,9}([.,]\d{1,4})?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : NaN;
}

const seconds = (text: string): number => Math.round(numberOf(text) * 60);

/** What the form measures; `null` while a number is none. */
export function conditionOf(form: AlertForm): AlertCondition | null {
  const { kind, scope } = form;
  const threshold = IN_MINUTES.includes(kind) ? seconds(form.threshold) : numberOf(form.threshold);
  const window: Pick<AlertCondition, 'windowS' | 'minJobs'> = hasWindow(kind) ? { windowS: seconds(form.windowMin), minJobs: numberOf(form.minJobs) } : {};
  if ([threshold, window.windowS, window.minJobs].some((value) => Number.isNaN(value))) return null;
  const named = (text: string, allowed: boolean): string | null => (allowed && text.trim() ? text.trim() : null);
  const own = scope === 'tenant';
  return {
    kind, scope, threshold, ...window,
    queue: named(form.queue, own && !hasSchedule(kind)),
    task: named(form.task, hasWindow(kind)),
    schedule: named(form.schedule, own && hasSchedule(kind)),
  };
}

/** The rule that the form describes; `null` while a number is none. */
export function ruleOf(form: AlertForm): NewAlert | null {
  const condition = conditionOf(form);
  const [forS, repeatS] = [seconds(form.forMin), seconds(form.repeatMin)];
  if (condition === null || Number.isNaN(forS) || Number.isNaN(repeatS)) return null;
  return { ...condition, name: form.name.trim(), forS, repeatS, severity: form.severity, enabled: form.enabled };
}

/** What of a rule may be changed. */
export function changeOf({ kind: _kind, scope: _scope, ...rest }: NewAlert): Omit<NewAlert, 'kind' | 'scope'> {
  return rest;
}

export const isMuted = ({ mutedUntil }: Pick<Alert, 'mutedUntil'>, now: number): boolean => mutedUntil !== null && Date.parse(mutedUntil) > now;
