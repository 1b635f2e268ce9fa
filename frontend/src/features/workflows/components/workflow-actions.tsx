import { Ban, RotateCw } from 'lucide-react';
import { useState } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { plural } from '@/lib/format';
import { hasEnded, isTerminal } from '@/lib/status';
import type { WorkflowDetail } from '@/types';

import { useCancelWorkflow } from '../api/cancel-workflow';
import { useRetryWorkflow } from '../api/retry-workflow';
import { retriedBy } from '../graph';

function ConfirmCancel({ workflow, onClose }: { workflow: WorkflowDetail; onClose: () => void }) {
  const cancel = useCancelWorkflow();
  const open = workflow.nodes.filter(({ status }) => status === null || !isTerminal(status)).length;
  return (
    <Dialog
      title="Cancel this workflow"
      onClose={onClose}
      footer={<><Button onClick={onClose}>Back</Button><Button kind="danger" busy={cancel.isPending} onClick={() => { cancel.mutate(workflow._id, { onSettled: onClose }); }}>Cancel the workflow</Button></>}
    >
      <p className="text-ink-2">{plural(open, 'node')} of “{workflow.name}” {open === 1 ? 'has' : 'have'} not ended. Queued jobs are cancelled at once, running ones are asked to stop. What completed is kept for a retry.</p>
    </Dialog>
  );
}

interface ConfirmRetryProps {
  workflow: WorkflowDetail;
  /** Null: all that did not complete. */
  node: string | null;
  onClose: () => void;
  /** Gets the workflow with its new jobs. */
  onRetried?: (workflow: WorkflowDetail) => void;
}

/** Says what a retry runs again, by the states now. */
export function ConfirmRetry({ workflow, node, onClose, onRetried }: ConfirmRetryProps) {
  const retry = useRetryWorkflow();
  const again = retriedBy(workflow.nodes, node).size;
  const kept = workflow.nodes.length - again;
  const run = (): void => {
    // callbacks given to `mutate` are not called when the answer, or an event before it, takes this dialog away
    void retry.mutateAsync({ id: workflow._id, node }).then((after) => onRetried?.(after), () => undefined).finally(onClose);
  };
  return (
    <Dialog
      title={node === null ? 'Retry what did not complete' : `Retry from ${node}`}
      onClose={onClose}
      footer={<><Button onClick={onClose}>Back</Button><Button kind="primary" busy={retry.isPending} disabled={again === 0} onClick={run}>Retry {plural(again, 'node')}</Button></>}
    >
      <p className="text-ink-2">{again === 1 ? 'One node gets a new job' : `${plural(again, 'node')} get new jobs`}{node === null ? ': those that did not complete, and all behind them' : ': this one and all behind it'}. {kept === 0 ? 'No result is kept.' : `${plural(kept, 'other node')} ${kept === 1 ? 'keeps its job and result' : 'keep their jobs and results'}.`}</p>
    </Dialog>
  );
}

/** Cancel while it runs; retry what did not complete when it has ended. */
export function WorkflowActions({ workflow }: { workflow: WorkflowDetail }) {
  const [asking, setAsking] = useState<'cancel' | 'retry' | null>(null);
  const { role } = useCaller();
  const close = (): void => { setAsking(null); };
  const ended = hasEnded(workflow.status);
  const failed = ended && workflow.nodes.some(({ status }) => status !== 'completed');
  if (!mayChange(role)) return null;
  return (
    <>
      {failed ? <Button kind="primary" icon={<RotateCw />} onClick={() => { setAsking('retry'); }}>{workflow.status === 'cancelled' ? 'Retry' : 'Retry failed'}</Button> : null}
      {!ended && !workflow.cancelRequested ? <Button icon={<Ban />} onClick={() => { setAsking('cancel'); }}>Cancel</Button> : null}
      {asking === 'cancel' ? <ConfirmCancel workflow={workflow} onClose={close} /> : null}
      {asking === 'retry' ? <ConfirmRetry workflow={workflow} node={null} onClose={close} /> : null}
    </>
  );
}
