import { CopyPlus } from 'lucide-react';
import { useState } from 'react';

import { Button } from '@/components/button';
import { loadable, Overlay } from '@/components/loadable';
import { mayChange, useCaller } from '@/features/session/use-caller';
import type { NarrowingDead } from '@/types';

const ReplayAllDialog = loadable(() => import('./replay-all-dialog'), (module) => module.default);

/** The button that replays what a list shows, for those who may. */
export function ReplayAll({ filter, label, size = 'md' }: { filter: NarrowingDead; label: string; size?: 'sm' | 'md' }) {
  const [open, setOpen] = useState(false);
  const close = (): void => { setOpen(false); };
  if (!mayChange(useCaller().role)) return null;
  return (
    <>
      <Button size={size} icon={<CopyPlus />} onClick={() => { setOpen(true); }}>{label}</Button>
      {open ? <Overlay onClose={close}><ReplayAllDialog filter={filter} onClose={close} /></Overlay> : null}
    </>
  );
}
