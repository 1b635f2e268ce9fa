/** Current problems: which, how many, since when. Pure. */
import type { RecentFailures } from '@/features/dlq/api/list-dead';
import { needsAttention } from '@/features/queues/attention';
import { duration, plural, time } from '@/lib/format';
import type { DlqGroup, Queue, Tally } from '@/types';

export interface Trouble {
  id: string;
  what: string;
  detail: string;
  /** The page to act on it, and the label of the link. */
  to: string;
  go: string;
}

/** A lower share of failures among the ended jobs is no problem. */
const SHARE = 0.01;

interface Seen {
  recent: RecentFailures | null | undefined;
  groups: DlqGroup[] | undefined;
  lastHour: Pick<Tally, 'completed'> | undefined;
  queues: Queue[] | undefined;
}

function failures({ recent, groups, lastHour }: Seen): Trouble[] {
  if (!recent || recent.count === 0) return [];
  if (lastHour && recent.count < SHARE * (recent.count + lastHour.completed)) return [];
  const [top] = groups ?? [];
  const detail = [recent.since && `Since ${time(recent.since)}.`, top && `Most frequent error in dead letters: ${top.type}, ${plural(top.count, 'job')}.`];
  return [{ id: 'failed', what: `${recent.exact ? '' : 'More than '}${plural(recent.count, 'job')} failed in the last hour`, detail: detail.filter(Boolean).join(' '), to: '/dlq', go: 'See what failed' }];
}

function ofQueue({ name, paused, ready, oldestAgeMs }: Queue): Trouble {
  const what = paused ? `Queue ${name} is paused` : `Queue ${name} is behind`;
  const oldest = oldestAgeMs === null ? '' : `, the oldest for ${duration(oldestAgeMs)}`;
  return { id: `queue-${name}`, what, detail: `${plural(ready, 'job')} ${ready === 1 ? 'is' : 'are'} pending${oldest}.`, to: '/queues', go: paused ? 'Go to queues' : 'See queues and workers' };
}

/** Failures first, then queues without progress, longest first. */
export function troubles(seen: Seen): Trouble[] {
  const held = (seen.queues ?? []).filter(needsAttention).sort((a, b) => b.ready - a.ready);
  return [...failures(seen), ...held.map(ofQueue)];
}
