import { MessageSquare, Pencil, RotateCw } from 'lucide-react';
import { Link } from 'react-router';

import { Age } from '@/components/age';
import { IconButton } from '@/components/button';
import { useScopedLink } from '@/features/session/use-scope';
import { cx } from '@/lib/cx';
import { plural } from '@/lib/format';
import { plainText } from '@/lib/plain-text';
import type { Job } from '@/types';

interface DeadRowProps {
  job: Job;
  /** The owner; null where all jobs have the same one. */
  owner: string | null;
  /** How many comments it has. */
  comments: number;
  /** The job left the list; its row stays until the list is updated. */
  gone: boolean;
  /** Its place in the list. */
  index: number;
  selected: boolean;
  writable: boolean;
  onToggle: () => void;
  onEdit: () => void;
  onRedrive: () => void;
}

function Words({ job, owner, comments }: Pick<DeadRowProps, 'job' | 'owner' | 'comments'>) {
  const to = useScopedLink();
  const facts = [plural(job.attempt, 'attempt'), owner, job.task, job.queue].filter((fact) => fact !== null);
  return (
    <div className="min-w-0 flex-1">
      <Link to={to(`/jobs/${job._id}`)} className="block truncate font-medium outline-none after:absolute after:inset-0 hover:underline">{job.name}</Link>
      <p className="truncate text-xs text-ink-3"><span className="text-dlq">{job.error?.type}</span> {plainText(job.error?.message ?? '')}</p>
      <p className="num truncate text-xs text-ink-3 max-sm:break-words max-sm:whitespace-normal">{job.finishedAt ? <><Age at={job.finishedAt} /> · </> : null}{facts.join(' · ')}{comments > 0 ? <span data-testid="comments"> · <MessageSquare aria-hidden className="inline size-3" /> {plural(comments, 'comment')}</span> : null}</p>
    </div>
  );
}

function Buttons({ job, onEdit, onRedrive }: Pick<DeadRowProps, 'job' | 'onEdit' | 'onRedrive'>) {
  // The payload of a node is part of its workflow.
  if (job.workflow) return <div className="z-1 flex shrink-0 max-sm:-mr-2"><IconButton label={`Retry ${job.name} in its workflow`} onClick={onRedrive} className="max-sm:size-10"><RotateCw /></IconButton></div>;
  return (
    <div className="z-1 flex shrink-0 max-sm:-mr-2">
      <IconButton label={`Edit and redrive ${job.name}`} onClick={onEdit} className="max-sm:size-10"><Pencil /></IconButton>
      <IconButton label={`Redrive ${job.name}`} onClick={onRedrive} className="max-sm:size-10"><RotateCw /></IconButton>
    </div>
  );
}

export function DeadRow({ job, owner, comments, gone, index, selected, writable, onToggle, ...on }: DeadRowProps) {
  return (
    <li data-job={job._id} data-index={index} data-gone={gone || undefined} title={gone ? 'No longer in dead letters' : undefined} className={cx('row relative flex items-center gap-3 border-t border-line px-4 py-2.5 hover:bg-hover', selected && 'bg-accent-soft', gone && 'opacity-55')}>
      {writable ? <input type="checkbox" aria-label={`Select ${job.name}`} checked={selected} disabled={gone} onChange={onToggle} className="z-1" /> : null}
      <Words job={job} owner={owner} comments={comments} />
      {writable && !gone ? <Buttons job={job} {...on} /> : null}
    </li>
  );
}
