/** What schedules and runs say in words. Pure. */
import type { Run, Schedule } from '@/types';

export const stateName: Record<Schedule['state'], string> = { active: 'Active', paused: 'Paused', ended: 'Ended', retired: 'Retired' };

/** The colour of a state is that of the state of a job which it resembles. */
export const stateColour: Record<Schedule['state'], string> = { active: 'completed', paused: 'retrying', ended: 'pending', retired: 'cancelled' };

export const missedName: Record<Schedule['missed'], string> = { once: 'One job for all of them', skip: 'No job', all: 'A job for each, in order' };

export const overlapName: Record<Schedule['overlap'], string> = {
  skip: 'No job', allow: 'A job beside it', queue_one: 'One job waits for its end', cancel_running: 'A job in its place',
};

const reasons: Record<NonNullable<Run['skipped']>, string> = {
  missed: 'Missed',
  too_old: 'Missed, and older than the catch-up time',
  overlap: 'A job of the schedule was open',
  paused: 'The schedule was paused while it waited',
  deleted: 'The schedule was deleted while it waited',
  too_many_open_jobs: 'The workspace has too many open jobs',
  too_many_queues: 'The workspace has too many queues',
};

/** What became of a fire that has no job. */
export function whyNone(run: Pick<Run, 'skipped' | 'waiting'>): string {
  if (run.waiting) return 'Waits for the open job to end';
  return run.skipped ? reasons[run.skipped] : '';
}

/** A time on the clock of a zone: Mon 30 Mar 2026, 07:00:00 GMT+2. */
export function inZone(iso: string, tz: string): string {
  return new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: tz, timeZoneName: 'short' }).format(new Date(iso));
}
