import { Ban, Pencil, Play, RotateCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';

import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { RedriveDialog } from '@/features/dlq/components/redrive-dialog';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { useScopedLink } from '@/features/session/use-scope';
import { canCancel, canDelete, canHurry, canRetry } from '@/lib/status';
import type { JobDetail, JobStatus } from '@/types';

import { useCancelJob } from '../api/cancel-job';
import { useDeleteJob } from '../api/delete-job';
import { useRetryJob } from '../api/retry-job';

function DeleteDialog({ job, onClose }: { job: JobDetail; onClose: () => void }) {
  const navigate = useNavigate();
  const link = useScopedLink();
  const remove = useDeleteJob(() => { void navigate(link('/'), { replace: true }); });
  return (
    <Dialog title="Delete this job" onClose={onClose} footer={<><Button onClick={onClose}>Back</Button><Button kind="danger" busy={remove.isPending} onClick={() => { remove.mutate(job._id); }}>Delete</Button></>}>
      <p className="text-ink-2">“{job.name}” is deleted with its result and its log. This can’t be undone.</p>
    </Dialog>
  );
}

/** A failed node runs again with its workflow only, which keeps what completed. */
const isFailedNode = ({ status, workflow }: JobDetail): boolean => status === 'dlq' && Boolean(workflow);

function ToWorkflow({ job }: { job: JobDetail }) {
  const link = useScopedLink();
  if (!job.workflow || !isFailedNode(job)) return null;
  return <Link to={link(`/workflows/${job.workflow._id}`, { node: job.workflow.node })} className="inline-flex h-9 items-center gap-1.5 rounded-lg bg-primary px-3.5 font-medium text-on-primary hover:bg-primary-hover"><RotateCw aria-hidden className="size-4" />Retry in its workflow</Link>;
}

const runLabel: Partial<Record<JobStatus, string>> = { dlq: 'Redrive', retrying: 'Retry now', scheduled: 'Run now' };

function RunButton({ job }: { job: JobDetail }) {
  const retry = useRetryJob();
  if ((!canRetry(job) && !canHurry(job)) || isFailedNode(job)) return null;
  return (
    <Button kind={job.status === 'dlq' ? 'primary' : 'secondary'} icon={job.status === 'scheduled' ? <Play /> : <RotateCw />} busy={retry.isPending} onClick={() => { retry.mutate(job._id); }}>
      {runLabel[job.status]}
    </Button>
  );
}

export function JobActions({ job }: { job: JobDetail }) {
  const [open, setOpen] = useState<'delete' | 'redrive' | null>(null);
  const cancel = useCancelJob();
  const close = (): void => { setOpen(null); };
  if (!mayChange(useCaller().role)) return null;
  const failed = job.status === 'dlq';
  return (
    <>
      <ToWorkflow job={job} />
      {failed && !job.workflow ? <Button icon={<Pencil />} onClick={() => { setOpen('redrive'); }}>Edit and redrive</Button> : null}
      <RunButton job={job} />
      {canCancel(job) ? <Button icon={<Ban />} busy={cancel.isPending} onClick={() => { cancel.mutate(job._id); }}>Cancel</Button> : null}
      {canDelete(job) ? <IconButton label="Delete" className="size-9" onClick={() => { setOpen('delete'); }}><Trash2 /></IconButton> : null}
      {open === 'delete' ? <DeleteDialog job={job} onClose={close} /> : null}
      {open === 'redrive' ? <RedriveDialog id={job._id} onClose={close} /> : null}
    </>
  );
}
