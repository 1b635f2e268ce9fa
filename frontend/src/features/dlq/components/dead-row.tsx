import { Pencil, RotateCw } from 'lucide-react';
import { Link } from 'react-router';

import { Age } from '@/components/age';
import { IconButton } from '@/components/button';
import { useScopedLink } from '@/features/session/use-scope';
import { cx } from '@/lib/cx';
import type { Job } from '@/types';

interface DeadRowProps {
  job: Job;
  selected: boolean;
  writable: boolean;
  onToggle: () => void;
  onEdit: () => void;
  onRedrive: () => void;
}

export function DeadRow({ job, selected, writable, onToggle, onEdit, onRedrive }: DeadRowProps) {
  const to = useScopedLink();
  return (
    <li data-job={job._id} className={cx('relative flex items-center gap-3 border-t border-line px-4 py-2.5 hover:bg-hover', selected && 'bg-accent-soft')}>
      {writable ? <input type="checkbox" aria-label={`Select ${job.name}`} checked={selected} onChange={onToggle} className="z-1" /> : null}
      <div className="min-w-0 flex-1">
        <Link to={to(`/jobs/${job._id}`)} className="block truncate font-medium after:absolute after:inset-0 hover:underline">{job.name}</Link>
        <p className="truncate text-xs text-ink-3"><span className="text-dlq">{job.error?.type}</span> {job.error?.message}</p>
      </div>
      <div className="num shrink-0 text-right text-xs text-ink-3">
        <p className="text-ink-2">{job.task}</p>
        <p>{job.finishedAt ? <Age at={job.finishedAt} /> : null} · {job.attempt}×</p>
      </div>
      {writable ? (
        <div className="z-1 flex shrink-0 max-xs:hidden">
          <IconButton label={`Edit and redrive ${job.name}`} onClick={onEdit}><Pencil /></IconButton>
          <IconButton label={`Redrive ${job.name}`} onClick={onRedrive}><RotateCw /></IconButton>
        </div>
      ) : null}
    </li>
  );
}
