import { useState } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormError } from '@/components/form-error';
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
const meaning: Record<Action, string> = {
  cancel: 'Waiting jobs are cancelled at once; running ones are asked to stop.',
  retry: 'Failed jobs start a new series of attempts; jobs between attempts go now.',
  delete: 'They are removed for good, with their results and logs.',
};

function Count({ matched, skipped, error }: { matched: number | undefined; skipped: number; error: Error | null }) {
  if (error) return <FormError error={error} />;
  if (matched === undefined) return <p role="status" className="skeleton h-5 w-56"><span className="sr-only">Counting</span></p>;
  return (
    <p data-testid="dry-run">
      <b className="num">{plural(matched, 'job')}</b>{matched === 1 ? ' is reached.' : ' are reached.'}
      {skipped > 0 ? ` ${plural(skipped, 'other')} can’t be, because of ${skipped === 1 ? 'its' : 'their'} state.` : ''}
    </p>
  );
}

export function ConfirmAction({ action, aim: given, onClose, onDone }: ConfirmActionProps) {
  // What is confirmed is what was asked about, even if rows change meanwhile.
  const [{ target, skipped }] = useState(given);
  const act = useActOnJobs();
  const dry = useDryRun(action, target);
  const matched = dry.data?.matched;
  const run = (): void => {
    if (target) act.mutate({ action, target }, { onSuccess: () => { onDone(); onClose(); } });
  };
  return (
    <Dialog
      title={`${verb[action]} jobs`}
      description={meaning[action]}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep as they are</Button>
          <Button kind={action === 'retry' ? 'primary' : 'danger'} busy={act.isPending} disabled={!matched} onClick={run}>
            {verb[action]}{matched === undefined ? '' : ` ${plural(matched, 'job')}`}
          </Button>
        </>
      }
    >
      <Count matched={matched} skipped={skipped} error={dry.error} />
    </Dialog>
  );
}
