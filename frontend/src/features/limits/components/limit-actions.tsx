import { Pause, Pencil, Play, RotateCcw } from 'lucide-react';
import { useState } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { isAdmin, useCaller } from '@/features/session/use-caller';
import type { Limit } from '@/types';

import { useActOnLimit } from '../api/act-on-limit';
import { ChangeLimitDialog } from './change-limit-dialog';

interface ConfirmProps {
  action: 'pause' | 'reset';
  limit: Limit;
  whom: string;
  onClose: () => void;
}

function Confirm({ action, limit, whom, onClose }: ConfirmProps) {
  const act = useActOnLimit(limit.name);
  const verb = action === 'pause' ? 'Pause' : 'Reset';
  const meaning = action === 'pause' ? 'Jobs under it wait until it is resumed. Running jobs continue.' : 'It becomes what the code declares again, and is not paused. Waiting jobs may start.';
  return (
    <Dialog
      title={`${verb} ${limit.name}`}
      description={`For ${whom}. ${meaning}`}
      onClose={onClose}
      footer={<><Button onClick={onClose}>Back</Button><Button kind={action === 'pause' ? 'danger' : 'primary'} busy={act.isPending} onClick={() => { act.mutate(action, { onSuccess: onClose }); }}>{verb}</Button></>}
    >
      {null}
    </Dialog>
  );
}

/** Change, pause, resume and reset, for those who may: admins, and operators alone where all workspaces share the limit. */
export function LimitActions({ limit }: { limit: Limit }) {
  const { role } = useCaller();
  const [open, setOpen] = useState<'change' | 'pause' | 'reset' | null>(null);
  const act = useActOnLimit(limit.name);
  const operator = role === 'operator';
  if (!isAdmin(role) || (limit.shared && !operator)) return null;
  const whom = operator ? 'every workspace' : 'your workspace';
  const close = (): void => { setOpen(null); };
  return (
    <>
      <Button icon={<Pencil />} onClick={() => { setOpen('change'); }}>Change</Button>
      {limit.paused
        ? <Button icon={<Play />} busy={act.isPending} onClick={() => { act.mutate('resume'); }}>Resume</Button>
        : <Button icon={<Pause />} onClick={() => { setOpen('pause'); }}>Pause</Button>}
      {limit.source === 'code' ? null : <Button icon={<RotateCcw />} onClick={() => { setOpen('reset'); }}>Reset</Button>}
      {open === 'change' ? <ChangeLimitDialog limit={limit} whom={whom} onClose={close} /> : null}
      {open === 'pause' || open === 'reset' ? <Confirm action={open} limit={limit} whom={whom} onClose={close} /> : null}
    </>
  );
}
