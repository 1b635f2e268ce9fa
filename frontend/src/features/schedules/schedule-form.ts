/** The fields of the schedule dialog as the API takes them, and back. Pure. */
import type { PutSchedule, Schedule, ScheduleDetail } from '@/types';

export type Kind = 'cron' | 'every' | 'at';

/** When to fire, as `POST /schedules/preview` takes it. */
export type When = Pick<PutSchedule, 'cron' | 'everyS' | 'at' | 'tz'>;

export interface ScheduleFields {
  name: string;
  kind: Kind;
  cron: string;
  tz: string;
  every: string;
  unit: string;
  at: string;
  jobName: string;
  queue: string;
  missed: Schedule['missed'];
  overlap: Schedule['overlap'];
  catchupHours: string;
  jitter: string;
}

/** Units of an interval, in seconds. */
export const units: Record<string, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function blankFields(tz: string): ScheduleFields {
  return { name: '', kind: 'cron', cron: '0 7 * * 1-5', tz, every: '1', unit: 'hours', at: '', jobName: '', queue: '', missed: 'once', overlap: 'skip', catchupHours: '24', jitter: '' };
}

function intervalOf(everyS: number): Pick<ScheduleFields, 'every' | 'unit'> {
  const [unit, size] = Object.entries(units).reverse().find(([, length]) => everyS % length === 0) ?? ['seconds', 1];
  return { every: String(everyS / size), unit };
}

/** The local clock of an ISO time, as `datetime-local` has it. */
export function localInput(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The fields of a schedule that exists, to change it. */
export function fieldsOf(schedule: ScheduleDetail, tz: string): ScheduleFields {
  const blank = blankFields(tz);
  return {
    ...blank,
    name: schedule.name,
    kind: schedule.cron !== null ? 'cron' : schedule.everyS !== null ? 'every' : 'at',
    cron: schedule.cron ?? blank.cron,
    tz: schedule.cron !== null ? schedule.tz : tz,
    ...(schedule.everyS !== null && intervalOf(schedule.everyS)),
    at: schedule.at ? localInput(schedule.at) : '',
    jobName: schedule.jobName === schedule.name ? '' : schedule.jobName,
    queue: schedule.queue ?? '',
    missed: schedule.missed,
    overlap: schedule.overlap,
    catchupHours: String(schedule.catchupS / 3600),
    jitter: schedule.jitterS > 0 ? String(schedule.jitterS) : '',
  };
}

/** When to fire; `null` while it is not complete. */
export function whenOf(fields: ScheduleFields): When | null {
  if (fields.kind === 'cron') return fields.cron.trim() ? { cron: fields.cron.trim(), tz: fields.tz } : null;
  if (fields.kind === 'at') return fields.at ? { at: new Date(fields.at).toISOString(), tz: 'UTC' } : null;
  const everyS = Math.round(Number(fields.every) * (units[fields.unit] ?? 1));
  return everyS >= 1 ? { everyS, tz: 'UTC' } : null;
}

/** What the dialog does not show of a schedule stays as it is. */
export function toPut(fields: ScheduleFields, when: When, task: string, payload: Record<string, unknown>, known?: ScheduleDetail): PutSchedule {
  const { priority, tags, maxRetries, timeoutS } = known ?? { priority: 5, tags: [], maxRetries: null, timeoutS: null };
  return {
    ...when,
    name: fields.jobName.trim() || fields.name.trim(),
    task,
    payload,
    priority,
    tags,
    maxRetries,
    timeoutS,
    queue: fields.queue.trim() || null,
    missed: fields.missed,
    overlap: fields.overlap,
    catchupS: Math.round(Number(fields.catchupHours) * 3600),
    jitterS: Math.round(Number(fields.jitter)),
  };
}
