import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormError } from '@/components/form-error';
import { BulkNote } from '@/features/operations/components/bulk-note';
import { OperationProgress } from '@/features/operations/components/operation-progress';
import { useBulk } from '@/features/operations/use-bulk';
import { plural } from '@/lib/format';

import { useActOnDead, useDeadCount, type DeadAction } from '../api/act-on-dead';
import { bulkTarget, type DeadTarget } from '../filter';

interface ConfirmDeadProps {
  action: DeadAction;
  target: DeadTarget;
  onClose: () => void;
  onDone: () => void;
}

const verb: Record<DeadAction, string> = { redrive: 'Redrive', delete: 'Delete' };
const done: Record<DeadAction, string> = { redrive: 'queued again', delete: 'deleted' };
const meaning: Record<DeadAction, string> = {
  redrive: 'Each job runs again with the same payload and all its attempts; steps that completed keep their results. A node of a workflow gets a new job, and so do the nodes behind it.',
  delete: 'This can’t be undone. Payloads, errors and logs are deleted too.',
};

/** Asks for confirmation, with a fresh count from the API. */
export function ConfirmDead({ action, target, onClose, onDone }: ConfirmDeadProps) {
  const count = useDeadCount(action, target);
  const act = useActOnDead(action);
  const matched = count.data?.matched;
  const bulk = useBulk(action, bulkTarget(target), matched);
  const run = (): void => {
    if (bulk.needed) bulk.start();
    else act.mutate(target, { onSuccess: () => { onDone(); onClose(); } });
  };
  if (bulk.started) {
    const close = (): void => { onDone(); onClose(); };
    return <Dialog title={`${verb[action]} jobs`} onClose={close} footer={<Button onClick={close}>Close</Button>}><OperationProgress operation={bulk.started}>The jobs are being {done[action]}.</OperationProgress></Dialog>;
  }
  return (
    <Dialog
      title={`${verb[action]} jobs`}
      description={meaning[action]}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button kind={action === 'redrive' ? 'primary' : 'danger'} busy={act.isPending || bulk.starting} disabled={!matched} onClick={run}>{verb[action]}{matched === undefined ? '' : ` ${plural(matched, 'job')}`}</Button>
        </>
      }
    >
      {count.error ? <FormError error={count.error} /> : null}
      {matched === undefined ? (count.error ? null : <p role="status" className="skeleton h-5 w-48"><span className="sr-only">Counting</span></p>) : (
        <p data-testid="dry-run"><b className="num">{plural(matched, 'failed job')}</b> will be {done[action]}.</p>
      )}
      <BulkNote bulk={bulk} />
    </Dialog>
  );
}
