import { Pause, Pencil, Play, Trash2, Zap } from 'lucide-react';
import { useState } from 'react';

import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { mayChange, useCaller } from '@/features/session/use-caller';
import type { Schedule } from '@/types';

import { useActOnSchedule, type ScheduleAction } from '../api/act-on-schedule';

interface ScheduleActionsProps {
  schedule: Schedule;
  /** Absent where it cannot be changed here. */
  onEdit?: () => void;
  onDeleted?: () => void;
}

interface DeleteProps {
  name: string;
  busy: boolean;
  onDelete: () => void;
  onClose: () => void;
}

function DeleteDialog({ name, busy, onDelete, onClose }: DeleteProps) {
  return (
    <Dialog title="Delete this schedule" onClose={onClose} footer={<><Button onClick={onClose}>Back</Button><Button kind="danger" busy={busy} onClick={onDelete}>Delete</Button></>}>
      <p className="text-ink-2">“{name}” makes no further jobs. The jobs that it made are kept.</p>
    </Dialog>
  );
}

/** Run now, pause or resume; with `onEdit` and `onDeleted` also change and delete. */
export function ScheduleActions({ schedule, onEdit, onDeleted }: ScheduleActionsProps) {
  const [deleting, setDeleting] = useState(false);
  const act = useActOnSchedule();
  const me = useCaller();
  const { name, state, source } = schedule;
  const tenant = schedule.tenantId === me.tenantId ? '' : schedule.tenantId;
  if (!mayChange(me.role)) return null;
  const close = (): void => { setDeleting(false); };
  const run = (action: ScheduleAction, then?: () => void): void => { act.mutate({ name, tenant, action }, { onSuccess: () => { then?.(); } }); };
  const busy = (action: ScheduleAction): boolean => act.isPending && act.variables.action === action;
  const small = onDeleted ? {} : ({ size: 'sm' } as const);
  const paused = state === 'paused';
  return (
    <>
      {onEdit && source === 'api' ? <Button icon={<Pencil />} onClick={onEdit}>Change</Button> : null}
      {state === 'retired' ? null : <Button {...small} icon={<Zap />} busy={busy('run')} aria-label={`Run ${name} now`} onClick={() => { run('run'); }}>Run now</Button>}
      {state === 'active' || paused ? (
        <Button {...small} icon={paused ? <Play /> : <Pause />} busy={busy('pause') || busy('resume')} aria-label={`${paused ? 'Resume' : 'Pause'} ${name}`} onClick={() => { run(paused ? 'resume' : 'pause'); }}>{paused ? 'Resume' : 'Pause'}</Button>
      ) : null}
      {onDeleted && (source === 'api' || state === 'retired') ? <IconButton label="Delete" className="size-9" onClick={() => { setDeleting(true); }}><Trash2 /></IconButton> : null}
      {deleting ? <DeleteDialog name={name} busy={busy('delete')} onClose={close} onDelete={() => { run('delete', onDeleted); }} /> : null}
    </>
  );
}
