import { Pause, Play } from 'lucide-react';
import { useState } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';

import { usePauseAll, usePauses, type Wide } from '../api/pauses';

interface PauseAllProps {
  tenant: string;
  /** Whether it is about the queues of all workspaces. */
  everything?: boolean;
}

/** Pauses all queues, after a question, and resumes them. */
export function PauseAll({ tenant, everything = false }: PauseAllProps) {
  const pauses = usePauses(tenant);
  const wide: Wide = everything ? 'everything' : { tenant };
  const change = usePauseAll(wide);
  const [asked, setAsked] = useState(false);
  const close = (): void => { setAsked(false); };
  if (!pauses.data) return null;
  const what = everything ? 'everything' : 'all queues';
  if (everything ? pauses.data.everything : pauses.data.tenant) {
    return <Button kind="primary" icon={<Play />} busy={change.isPending} onClick={() => { change.mutate(false); }}>Resume {what}</Button>;
  }
  return (
    <>
      <Button icon={<Pause />} onClick={() => { setAsked(true); }}>Pause {what}</Button>
      {asked ? (
        <Dialog title={`Pause ${what}`} onClose={close} footer={<><Button onClick={close}>Back</Button><Button kind="danger" busy={change.isPending} onClick={() => { change.mutate(true, { onSuccess: close }); }}>Pause</Button></>}>
          <p className="text-ink-2">{everything ? 'No job of any workspace starts until everything is resumed.' : 'No job of the workspace starts until its queues are resumed.'} Jobs that are running will finish; new ones are accepted and wait.</p>
        </Dialog>
      ) : null}
    </>
  );
}

/** Says that no job starts, to those who cannot resume it too. */
export function PausedBanner({ tenant }: { tenant: string }) {
  const pauses = usePauses(tenant).data;
  if (!pauses?.tenant && !pauses?.everything) return null;
  return <p role="status" className="card px-4 py-3 font-medium">{pauses.everything ? 'Everything is paused by the operators' : 'All queues are paused'}: jobs wait, running ones finish.</p>;
}
