import { memo, useState } from 'react';
import { Link } from 'react-router';
import { Fingerprint } from 'lucide-react';

import { Age } from '@/components/age';
import { ProgressBar } from '@/components/progress-bar';
import { StatusPill } from '@/components/status-pill';
import { useScopedLink } from '@/features/session/use-scope';
import { cx } from '@/lib/cx';
import { plainText } from '@/lib/plain-text';
import { attemptsOf } from '@/lib/status';
import { waitText } from '@/lib/waits';
import type { Job } from '@/types';

import { RunTime } from './run-time';

const columns = 'md:grid-cols-[2rem_7.5rem_minmax(0,1fr)_minmax(0,8rem)_4rem_5.5rem]';
const roomyColumns = 'xl:grid-cols-[2rem_7.5rem_minmax(0,1fr)_minmax(0,9rem)_minmax(0,7rem)_3rem_4rem_5.5rem_5.5rem]';
const ownedColumns = 'xl:grid-cols-[2rem_7.5rem_minmax(0,1fr)_minmax(0,8rem)_minmax(0,7rem)_minmax(0,8rem)_3rem_4rem_5.5rem_5.5rem]';

/** Tablets have no room for queue, owner, priority and run time; phones have cards. */
export const columnsWith = (owner: boolean): string => `${columns} ${owner ? ownedColumns : roomyColumns}`;

interface JobRowProps {
  job: Job;
  /** The owner; null where all jobs have the same one. */
  owner: string | null;
  index: number;
  /** The job left the list; its row stays until the list is updated. */
  gone: boolean;
  selected: boolean;
  selectable: boolean;
  /** Whether the user may change jobs. */
  writable: boolean;
  onToggle: (id: string) => void;
}

const FRESH_MS = 2_500;

function Name({ job }: { job: Job }) {
  const to = useScopedLink();
  return (
    <div role="cell" className="flex min-w-0 flex-col justify-center max-md:col-start-2 max-md:pr-24">
      <div className="flex min-w-0 items-center gap-2">
        <Link to={to(`/jobs/${job._id}`)} className="truncate font-medium outline-none after:absolute after:inset-0 hover:underline">{job.name}</Link>
        {job.uniqueKey ? <span title={job.runsAfter ? `Runs after ${job.runsAfter}` : `Unique: ${job.uniqueKey}`} className="inline-flex max-w-28 shrink-20 items-center gap-1 truncate text-2xs text-ink-3 max-xl:hidden"><Fingerprint aria-hidden className="size-3 shrink-0" /><span className="truncate">{job.uniqueKey}</span></span> : null}
        {job.tags.slice(0, 2).map((tag) => <span key={tag} className="max-w-28 min-w-8 shrink-20 truncate rounded-md border border-line px-1.5 text-2xs text-ink-2 max-xl:hidden">{tag}</span>)}
        {job.tags.length > 2 ? <span className="num shrink-0 text-2xs text-ink-3 max-xl:hidden">+{job.tags.length - 2}</span> : null}
      </div>
      {job.status === 'running' && job.progress ? <div className="mt-1 max-w-64"><ProgressBar percent={job.progress.percent} label={`Progress of ${job.name}`} /></div> : null}
      {job.status === 'waiting' ? <p className="truncate text-xs text-ink-3">{waitText(job)}</p> : null}
      {job.error && job.status !== 'completed' && job.status !== 'waiting' ? <p className="truncate text-xs text-ink-3"><span className="text-dlq">{job.error.type}</span> {plainText(job.error.message)}</p> : null}
    </div>
  );
}

const cell = 'num truncate text-ink-2 max-md:hidden';
const roomy = 'num truncate text-ink-2 max-xl:hidden';

/** One job: a line on wide screens, a card of two on phones. */
export const JobRow = memo(function JobRow({ job, owner, index, gone, selected, selectable, writable, onToggle }: JobRowProps) {
  const [fresh] = useState(() => Date.now() - Date.parse(job.con) < FRESH_MS);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-job={job._id}
      data-index={index}
      data-gone={gone || undefined}
      title={gone ? 'No longer in this list' : undefined}
      className={cx('row relative grid h-full grid-cols-[auto_minmax(0,1fr)] content-center items-center border-t max-md:gap-x-0 md:gap-x-3 border-line px-4 hover:bg-hover', columnsWith(owner !== null), selected && 'bg-accent-soft', gone && 'opacity-55', fresh && 'arrive')}
    >
      <div role="cell" className={cx('z-1', writable ? 'max-md:row-span-2 max-md:self-stretch' : 'max-md:hidden')}>
        {/* On phones the touch target of the checkbox is a finger wide. */}
        <label className="flex h-full items-center max-md:-ml-4 max-md:min-h-14 max-md:px-4">
          <input type="checkbox" aria-label={`Select ${job.name}`} checked={selected} disabled={!selectable} onChange={() => { onToggle(job._id); }} />
        </label>
      </div>
      <div role="cell" className="max-md:absolute max-md:top-3 max-md:right-4"><StatusPill status={job.status} cancelling={job.cancelRequested} /></div>
      <Name job={job} />
      <div role="cell" className={cell}>{job.task}</div>
      <div role="cell" className={roomy}>{job.queue}</div>
      {owner === null ? null : <div role="cell" className={roomy} title={owner}>{owner}</div>}
      <div role="cell" className={cx(roomy, 'text-right')}>{job.priority}</div>
      <div role="cell" className={cx(cell, 'text-right')}>{attemptsOf(job)}</div>
      <div role="cell" className={cx(roomy, 'text-right')}><RunTime job={job} /></div>
      <div role="cell" className={cx(cell, 'text-right')}><Age at={job.con} /></div>
      <div role="cell" className="num col-start-2 mt-0.5 truncate text-xs text-ink-3 md:hidden"><Age at={job.con} /> · {owner === null ? null : <>{owner} · </>}{job.task} · {job.queue}</div>
    </div>
  );
});
