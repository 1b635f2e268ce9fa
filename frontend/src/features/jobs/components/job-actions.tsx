import { Ban, CopyPlus, ListRestart, Pencil, Play, RotateCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';

import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { Overlay } from '@/components/loadable';
import { RedriveDialog } from '@/features/dlq/components/redrive-dialog';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { useScopedLink } from '@/features/session/use-scope';
import { useSteps } from '@/features/steps/api/list-steps';
import { useWorkflow } from '@/features/workflows/api/get-workflow';
import { RetryNodeDialog } from '@/features/workflows/components/retry-node';
import { successorOf } from '@/features/workflows/successor';
import { canCancel, canDelete, canHurry, canReplay, canRetry } from '@/lib/status';
import type { JobDetail, JobStatus } from '@/types';

import { useCancelJob } from '../api/cancel-job';
import { useDeleteJob } from '../api/delete-job';
import { useRetryJob } from '../api/retry-job';
import { ReplayDialog } from './replay-dialog';

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

function RetryNode({ job, part }: { job: JobDetail; part: NonNullable<JobDetail['workflow']> }) {
  const [asking, setAsking] = useState(false);
  const workflow = useWorkflow(part._id).data;
  const close = (): void => { setAsking(false); };
  if (workflow && successorOf({ workflow: part }, workflow)) return null;
  return (
    <>
      <Button kind="primary" icon={<RotateCw />} onClick={() => { setAsking(true); }}>Retry in its workflow</Button>
      {asking ? <Overlay onClose={close}><RetryNodeDialog job={{ ...job, workflow: part }} onClose={close} /></Overlay> : null}
    </>
  );
}

/** Of a durable job, the dialog also takes a step. */
function RedriveButton({ job, onOpen }: { job: JobDetail; onOpen: () => void }) {
  const durable = (useSteps(job).data?.steps.length ?? 0) > 0;
  return <Button icon={durable ? <ListRestart /> : <Pencil />} onClick={onOpen}>{durable ? 'Redrive from a step' : 'Edit and redrive'}</Button>;
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

function ReplayButton({ job }: { job: JobDetail }) {
  const [asking, setAsking] = useState(false);
  if (!canReplay(job)) return null;
  return (
    <>
      <Button icon={<CopyPlus />} onClick={() => { setAsking(true); }}>Replay</Button>
      {asking ? <ReplayDialog job={job} onClose={() => { setAsking(false); }} /> : null}
    </>
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
      {failed && job.workflow ? <RetryNode job={job} part={job.workflow} /> : null}
      {failed && !job.workflow ? <RedriveButton job={job} onOpen={() => { setOpen('redrive'); }} /> : null}
      <RunButton job={job} />
      {canCancel(job) ? <Button icon={<Ban />} busy={cancel.isPending} onClick={() => { cancel.mutate(job._id); }}>Cancel</Button> : null}
      <ReplayButton job={job} />
      {canDelete(job) ? <IconButton label="Delete" className="size-9" onClick={() => { setOpen('delete'); }}><Trash2 /></IconButton> : null}
      {open === 'delete' ? <DeleteDialog job={job} onClose={close} /> : null}
      {open === 'redrive' ? <RedriveDialog id={job._id} onClose={close} /> : null}
    </>
  );
}
