import { Fact } from '@/components/fact';
import { Section } from '@/components/page';
import { dateTime, duration } from '@/lib/format';
import type { ScheduleDetail } from '@/types';

import { inZone, missedName, overlapName } from '../words';

export function NextFires({ schedule }: { schedule: ScheduleDetail }) {
  return (
    <Section title="Next fires">
      {schedule.next.length === 0 ? <p className="px-4 pb-4 text-ink-3">None</p> : <ol className="num px-4 pt-1 pb-3">{schedule.next.map((at) => <li key={at} className="leading-7">{inZone(at, schedule.tz)}</li>)}</ol>}
    </Section>
  );
}

export function ScheduleFacts({ schedule }: { schedule: ScheduleDetail }) {
  return (
    <Section title="Details">
      <dl className="px-4 pt-1 pb-3 text-[0.8125rem]">
        <Fact name="When">{schedule.words}</Fact>
        {schedule.cron ? <Fact name="Expression"><span className="font-mono text-xs">{schedule.cron}</span></Fact> : null}
        <Fact name="Task">{schedule.task}</Fact>
        <Fact name="Name of jobs">{schedule.jobName}</Fact>
        <Fact name="Queue">{schedule.queue ?? 'That of the task'}</Fact>
        <Fact name="Missed">{missedName[schedule.missed]}, up to {duration(schedule.catchupS * 1000)} back</Fact>
        <Fact name="Overlap">{overlapName[schedule.overlap]}</Fact>
        {schedule.jitterS > 0 ? <Fact name="Jitter">Up to {duration(schedule.jitterS * 1000)}</Fact> : null}
        <Fact name="Defined in">{schedule.source === 'code' ? 'The deployed code' : 'The API'}</Fact>
        <Fact name="Created"><time dateTime={schedule.con}>{dateTime(schedule.con)}</time></Fact>
        <Fact name="Changed"><time dateTime={schedule.mon}>{dateTime(schedule.mon)}</time></Fact>
      </dl>
    </Section>
  );
}
