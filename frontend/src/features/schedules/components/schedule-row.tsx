import { Link } from 'react-router';

import { Age } from '@/components/age';
import { useCaller } from '@/features/session/use-caller';
import { useScopedLink } from '@/features/session/use-scope';
import type { Schedule } from '@/types';

import { inZone, whyNone } from '../words';
import { ScheduleButtons } from './schedule-actions';
import { StateTag } from './state-tag';

/** The job of the newest fire, or why it has none. */
function LastRun({ run }: { run: NonNullable<Schedule['lastRun']> }) {
  const to = useScopedLink();
  if (run.jobId) return <>Last run <Link to={to(`/jobs/${run.jobId}`)} className="text-accent hover:underline"><Age at={run.at} /></Link></>;
  return <>Last fire <Age at={run.at} />: {whyNone({ skipped: run.skipped, waiting: run.skipped === null }).toLowerCase()}</>;
}

export function ScheduleRow({ schedule, owner }: { schedule: Schedule; owner: string | undefined }) {
  const me = useCaller();
  const to = useScopedLink();
  const { name, next, lastRun, tz } = schedule;
  const other: Record<string, string> = schedule.tenantId === me.tenantId ? {} : { tenant: schedule.tenantId };
  const [first] = next;
  return (
    <li data-testid="schedule" className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-4 py-3">
      <div className="min-w-0 flex-[1_1_18rem]">
        <p className="flex min-w-0 items-center gap-2"><Link to={to(`/schedules/${name}`, other)} className="min-w-0 truncate font-medium hover:underline">{name}</Link><StateTag schedule={schedule} />{schedule.source === 'code' ? <span className="rounded-md border border-line px-1.5 text-xs text-ink-2">Code</span> : null}</p>
        <p className="truncate text-ink-2">{schedule.words} · <span className="font-mono text-xs">{schedule.task}</span>{owner ? ` · ${owner}` : ''}</p>
      </div>
      <div className="min-w-0 flex-[1_1_14rem] text-[0.8125rem] text-ink-2">
        <p className="truncate">{first ? <>Next <span title={inZone(first, tz)}><Age at={first} /></span></> : 'No further fire'}</p>
        <p className="truncate">{lastRun ? <LastRun run={lastRun} /> : 'Has not fired yet'}</p>
      </div>
      <div className="flex gap-2"><ScheduleButtons schedule={schedule} small /></div>
    </li>
  );
}
