import { useState } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormError } from '@/components/form-error';
import { BulkNote } from '@/features/operations/components/bulk-note';
import { OperationProgress } from '@/features/operations/components/operation-progress';
import { useBulk } from '@/features/operations/use-bulk';
import { plural } from '@/lib/format';

import { useActOnJobs, useDryRun } from '../api/act-on-jobs';
import type { Action, Aim } from '../targets';

interface ConfirmActionProps {
  action: Action;
  aim: Aim;
  onClose: () => void;
  onDone: () => void;
}

const verb: Record<Action, string> = { cancel: 'Cancel', retry: 'Retry', delete: 'Delete' };
const outcome: Record<Action, string> = { cancel: 'cancelled', retry: 'retried', delete: 'deleted' };
const meaning: Record<Action, string> = {
  cancel: 'Queued jobs are cancelled at once. Running jobs are asked to stop.',
  retry: 'Failed jobs get all their attempts again. Jobs that are waiting to retry run now.',
  delete: 'This can’t be undone. Results and logs are deleted too.',
};

interface CountProps {
  action: Action;
  matched: number | undefined;
  skipped: number;
  error: Error | null;
}

function Count({ action, matched, skipped, error }: CountProps) {
  if (error) return <FormError error={error} />;
  if (matched === undefined) return <p role="status" className="skeleton h-5 w-56"><span className="sr-only">Counting</span></p>;
  return (
    <p data-testid="dry-run">
      <b className="num">{plural(matched, 'job')}</b> will be {outcome[action]}.
      {skipped > 0 ? ` ${plural(skipped, 'other selected job')} can’t be ${outcome[action]} in ${skipped === 1 ? 'its' : 'their'} current status.` : ''}
    </p>
  );
}

export function ConfirmAction({ action, aim: given, onClose, onDone }: ConfirmActionProps) {
  // The action applies to the jobs shown when the dialog opened, even if rows change meanwhile.
  const [{ target, skipped }] = useState(given);
  const act = useActOnJobs();
  const dry = useDryRun(action, target);
  const matched = dry.data?.matched;
  const bulk = useBulk(action, target, matched);
  const run = (): void => {
    if (bulk.needed) bulk.start();
    else if (target) act.mutate({ action, target }, { onSuccess: () => { onDone(); onClose(); } });
  };
  if (bulk.started) {
    const close = (): void => { onDone(); onClose(); };
    return <Dialog title={`${verb[action]} jobs`} onClose={close} footer={<Button onClick={close}>Close</Button>}><OperationProgress operation={bulk.started}>The jobs are being {outcome[action]}.</OperationProgress></Dialog>;
  }
  return (
    <Dialog
      title={`${verb[action]} jobs`}
      description={meaning[action]}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button kind={action === 'retry' ? 'primary' : 'danger'} busy={act.isPending || bulk.starting} disabled={!matched} onClick={run}>
            {verb[action]}{matched === undefined ? '' : ` ${plural(matched, 'job')}`}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Count action={action} matched={matched} skipped={skipped} error={dry.error} />
        <BulkNote bulk={bulk} />
      </div>
    </Dialog>
  );
}
