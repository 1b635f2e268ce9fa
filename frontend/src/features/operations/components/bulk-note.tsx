import { TextField } from '@/components/field';
import { FormError } from '@/components/form-error';

import type { Bulk } from '../use-bulk';

/** How fast an operation changes the jobs. */
export function BulkNote({ bulk }: { bulk: Bulk }) {
  if (!bulk.paced) return null;
  return (
    <>
      <TextField label="Jobs a minute" type="number" inputMode="numeric" min={1} max={100_000} placeholder="As fast as possible" value={bulk.pace} onChange={(event) => { bulk.setPace(event.target.value); }} hint={bulk.needed ? 'An operation does it in the background. You can follow and cancel it.' : 'Leave it empty to change them now.'} />
      {bulk.error ? <FormError error={bulk.error} /> : null}
    </>
  );
}
