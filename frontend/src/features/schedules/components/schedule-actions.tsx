import { Pause, Pencil, Play, Trash2, Zap } from 'lucide-react';
import { useState } from 'react';

import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { mayChange, useCaller } from '@/features/session/use-caller';
import type { Schedule } from '@/types';

import { useActOnSchedule, type ScheduleAction } from '../api/act-on-schedule';

interface ScheduleActionsProps {
  schedule: Schedule;
  onEdit: () => void;
  onDeleted: () => void;
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

interface ActionButton {
  schedule: Schedule;
  small: boolean;
  pending: ScheduleAction | undefined;
  run: (action: ScheduleAction) => void;
}

const sized = (small: boolean) => (small ? ({ size: 'sm' } as const) : {});

function RunButton({ schedule: { name, state }, small, pending, run }: ActionButton) {
  if (state === 'retired') return null;
  return <Button {...sized(small)} icon={<Zap />} busy={pending === 'run'} aria-label={`Run ${name} now`} onClick={() => { run('run'); }}>Run now</Button>;
}

function PauseButton({ schedule: { name, state }, small, pending, run }: ActionButton) {
  if (state !== 'active' && state !== 'paused') return null;
  const action = state === 'paused' ? 'resume' : 'pause';
  const label = state === 'paused' ? 'Resume' : 'Pause';
  return <Button {...sized(small)} icon={state === 'paused' ? <Play /> : <Pause />} busy={pending === 'pause' || pending === 'resume'} aria-label={`${label} ${name}`} onClick={() => { run(action); }}>{label}</Button>;
}

/** Run now, pause or resume. */
export function ScheduleButtons({ schedule, small = false }: { schedule: Schedule; small?: boolean }) {
  const act = useActOnSchedule();
  const me = useCaller();
  if (!mayChange(me.role)) return null;
  const tenant = schedule.tenantId === me.tenantId ? '' : schedule.tenantId;
  const button = { schedule, small, pending: act.isPending ? act.variables.action : undefined, run: (action: ScheduleAction) => { act.mutate({ name: schedule.name, tenant, action }); } };
  return <><RunButton {...button} /><PauseButton {...button} /></>;
}

/** All that may be done to a schedule; one of code is changed there. */
export function ScheduleActions({ schedule, onEdit, onDeleted }: ScheduleActionsProps) {
  const [deleting, setDeleting] = useState(false);
  const act = useActOnSchedule();
  const me = useCaller();
  const { name, state, source } = schedule;
  const tenant = schedule.tenantId === me.tenantId ? '' : schedule.tenantId;
  if (!mayChange(me.role)) return null;
  return (
    <>
      {source === 'api' ? <Button icon={<Pencil />} onClick={onEdit}>Change</Button> : null}
      <ScheduleButtons schedule={schedule} />
      {source === 'api' || state === 'retired' ? <IconButton label="Delete" className="size-9" onClick={() => { setDeleting(true); }}><Trash2 /></IconButton> : null}
      {deleting ? <DeleteDialog name={name} busy={act.isPending} onClose={() => { setDeleting(false); }} onDelete={() => { act.mutate({ name, tenant, action: 'delete' }, { onSuccess: onDeleted }); }} /> : null}
    </>
  );
}
