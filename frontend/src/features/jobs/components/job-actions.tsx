import { Ban, Pencil, RotateCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';

import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { RedriveDialog } from '@/features/dlq/components/redrive-dialog';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { canCancel, canDelete, canRetry } from '@/lib/status';
import type { JobDetail } from '@/types';

import { useCancelJob } from '../api/cancel-job';
import { useDeleteJob } from '../api/delete-job';
import { useRetryJob } from '../api/retry-job';

function DeleteDialog({ job, onClose }: { job: JobDetail; onClose: () => void }) {
  const navigate = useNavigate();
  const remove = useDeleteJob(() => { void navigate('/', { replace: true }); });
  return (
    <Dialog title="Delete this job" onClose={onClose} footer={<><Button onClick={onClose}>Keep it</Button><Button kind="danger" busy={remove.isPending} onClick={() => { remove.mutate(job._id); }}>Delete</Button></>}>
      <p className="text-ink-2">“{job.name}” is removed for good, with its result and its log.</p>
    </Dialog>
  );
}

export function JobActions({ job }: { job: JobDetail }) {
  const [open, setOpen] = useState<'delete' | 'redrive' | null>(null);
  const cancel = useCancelJob();
  const retry = useRetryJob();
  const close = (): void => { setOpen(null); };
  if (!mayChange(useCaller().role)) return null;
  const failed = job.status === 'dlq';
  return (
    <>
      {failed ? <Button icon={<Pencil />} onClick={() => { setOpen('redrive'); }}>Edit and redrive</Button> : null}
      {canRetry(job) ? <Button kind={failed ? 'primary' : 'secondary'} icon={<RotateCw />} busy={retry.isPending} onClick={() => { retry.mutate(job._id); }}>{failed ? 'Redrive' : 'Retry now'}</Button> : null}
      {canCancel(job) ? <Button icon={<Ban />} busy={cancel.isPending} onClick={() => { cancel.mutate(job._id); }}>Cancel</Button> : null}
      {canDelete(job) ? <IconButton label="Delete" className="size-9" onClick={() => { setOpen('delete'); }}><Trash2 /></IconButton> : null}
      {open === 'delete' ? <DeleteDialog job={job} onClose={close} /> : null}
      {open === 'redrive' ? <RedriveDialog id={job._id} onClose={close} /> : null}
    </>
  );
}
