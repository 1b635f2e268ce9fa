import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormError } from '@/components/form-error';
import { plural } from '@/lib/format';

import { useRedrive, useRedriveCount } from '../api/redrive';
import type { RedriveTarget } from '../filter';

interface ConfirmRedriveProps {
  target: RedriveTarget;
  onClose: () => void;
  onDone: () => void;
}

/** Asks with the number that the API counted just now. */
export function ConfirmRedrive({ target, onClose, onDone }: ConfirmRedriveProps) {
  const count = useRedriveCount(target);
  const redrive = useRedrive();
  const matched = count.data?.matched;
  const run = (): void => { redrive.mutate(target, { onSuccess: () => { onDone(); onClose(); } }); };
  return (
    <Dialog
      title="Redrive jobs"
      description="Each starts a new series of attempts with its payload as it is."
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button kind="primary" busy={redrive.isPending} disabled={!matched} onClick={run}>Redrive{matched === undefined ? '' : ` ${plural(matched, 'job')}`}</Button>
        </>
      }
    >
      {count.error ? <FormError error={count.error} /> : null}
      {matched === undefined ? (count.error ? null : <p role="status" className="skeleton h-5 w-48"><span className="sr-only">Counting</span></p>) : (
        <p data-testid="dry-run"><b className="num">{plural(matched, 'dead job')}</b> {matched === 1 ? 'matches' : 'match'}.</p>
      )}
    </Dialog>
  );
}
