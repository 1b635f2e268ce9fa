import { Bell, BellOff, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';

import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { SelectField } from '@/components/field';
import { useNow } from '@/lib/use-now';
import type { Alert } from '@/types';

import { useDeleteAlert, useMuteAlert, useUnmuteAlert } from '../api/act-on-alert';
import { isMuted } from '../alerts';
import { AlertDialog } from './alert-dialog';

interface OpenedProps {
  alert: Alert;
  onClose: () => void;
}

function DeleteDialog({ alert, onClose }: OpenedProps) {
  const remove = useDeleteAlert();
  return (
    <Dialog title="Delete alert rule" onClose={onClose} footer={<><Button onClick={onClose}>Back</Button><Button kind="danger" busy={remove.isPending} onClick={() => { remove.mutate(alert._id, { onSuccess: onClose }); }}>Delete</Button></>}>
      <p className="text-ink-2">“{alert.name}” is evaluated no more. Its history is deleted too.</p>
    </Dialog>
  );
}

const spans: [string, number][] = [['1 hour', 3_600], ['4 hours', 14_400], ['1 day', 86_400], ['1 week', 604_800]];

function MuteDialog({ alert, onClose }: OpenedProps) {
  const mute = useMuteAlert(alert._id);
  const [forS, setForS] = useState(3_600);
  return (
    <Dialog title={`Mute ${alert.name}`} onClose={onClose} footer={<><Button onClick={onClose}>Back</Button><Button kind="primary" busy={mute.isPending} onClick={() => { mute.mutate(forS, { onSuccess: onClose }); }}>Mute</Button></>}>
      <div className="flex flex-col gap-3">
        <p className="text-ink-2">Nobody is notified when it fires. If it still fires afterwards, notices go out then.</p>
        <SelectField label="For" value={forS} onChange={(event) => { setForS(Number(event.target.value)); }}>
          {spans.map(([label, seconds]) => <option key={seconds} value={seconds}>{label}</option>)}
        </SelectField>
      </div>
    </Dialog>
  );
}

function ChangeDialog({ alert, onClose }: OpenedProps) {
  return <AlertDialog known={alert} onClose={onClose} />;
}

const dialogs = { change: ChangeDialog, mute: MuteDialog, delete: DeleteDialog };

/** Mute, change and delete, for admins. */
export function AlertActions({ alert }: { alert: Alert }) {
  const [open, setOpen] = useState<keyof typeof dialogs>();
  const unmute = useUnmuteAlert();
  const muted = isMuted(alert, useNow());
  const { name } = alert;
  const Opened = open && dialogs[open];
  return (
    <div className="flex">
      {muted
        ? <IconButton label={`Unmute ${name}`} aria-busy={unmute.isPending} onClick={() => { unmute.mutate(alert._id); }}><Bell /></IconButton>
        : <IconButton label={`Mute ${name}`} onClick={() => { setOpen('mute'); }}><BellOff /></IconButton>}
      <IconButton label={`Change ${name}`} onClick={() => { setOpen('change'); }}><Pencil /></IconButton>
      <IconButton label={`Delete ${name}`} onClick={() => { setOpen('delete'); }}><Trash2 /></IconButton>
      {Opened ? <Opened alert={alert} onClose={() => { setOpen(undefined); }} /> : null}
    </div>
  );
}
