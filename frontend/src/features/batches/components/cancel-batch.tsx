import { Ban } from 'lucide-react';
import { useState } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { plural } from '@/lib/format';
import { hasEnded } from '@/lib/status';
import type { JobBatch } from '@/types';

import { useCancelBatch } from '../api/cancel-batch';

function Confirm({ batch, onClose }: { batch: JobBatch; onClose: () => void }) {
  const cancel = useCancelBatch();
  return (
    <Dialog
      title="Cancel this batch"
      onClose={onClose}
      footer={<><Button onClick={onClose}>Back</Button><Button kind="danger" busy={cancel.isPending} onClick={() => { cancel.mutate(batch._id, { onSettled: onClose }); }}>Cancel the batch</Button></>}
    >
      <p className="text-ink-2">{plural(batch.waiting, 'queued job')} of “{batch.name}” {batch.waiting === 1 ? 'is' : 'are'} cancelled at once, {plural(batch.running, 'running one')} {batch.running === 1 ? 'is' : 'are'} asked to stop. Jobs that follow the batch are not submitted.</p>
    </Dialog>
  );
}

/** The cancellation of a batch that has not ended, after a confirmation. */
export function CancelBatch({ batch }: { batch: JobBatch }) {
  const [asking, setAsking] = useState(false);
  const { role } = useCaller();
  const possible = mayChange(role) && !hasEnded(batch.status) && !batch.cancelRequested;
  return (
    <>
      {possible ? <Button icon={<Ban />} onClick={() => { setAsking(true); }}>Cancel</Button> : null}
      {asking ? <Confirm batch={batch} onClose={() => { setAsking(false); }} /> : null}
    </>
  );
}
