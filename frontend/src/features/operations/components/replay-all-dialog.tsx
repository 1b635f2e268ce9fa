import { useState } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { SelectField, TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { JsonView } from '@/components/json-view';
import { PayloadEditor } from '@/features/jobs/components/payload-editor';
import { checkPayload } from '@/features/jobs/payload';
import { plural } from '@/lib/format';
import type { NarrowingDead } from '@/types';

import { useReplayPreview } from '../api/preview-replay';
import { useStartBulk } from '../api/start-bulk';
import { toOperation, untouched, type ReplayAllDraft } from '../replay-all';
import { OperationProgress } from './operation-progress';

type Sampled = NonNullable<NonNullable<ReturnType<typeof useReplayPreview>['data']>['payloads']>[number];

function Merged({ of: { error, field, payload } }: { of: Sampled }) {
  return (
    <>
      {error ? <p role="alert" className="text-dlq">The payload of the oldest job would not fit: {error}{field ? ` (${field})` : ''}</p> : null}
      {payload ? <div className="overflow-hidden rounded-lg border border-line"><p className="px-4 pt-2 text-xs text-ink-3">The payload of the oldest job, merged</p><JsonView value={payload} label="The merged payload as JSON" /></div> : null}
    </>
  );
}

function Preview({ preview }: { preview: ReturnType<typeof useReplayPreview> }) {
  if (preview.error) return <FormError error={preview.error} />;
  if (!preview.data) return <p role="status" className="skeleton h-5 w-56"><span className="sr-only">Counting</span></p>;
  const { matched, payloads } = preview.data;
  const [first] = payloads ?? [];
  return (
    <div aria-live="polite" className="flex flex-col gap-2">
      <p data-testid="dry-run"><b className="num">{plural(matched, 'ended job')}</b> will run again as {matched === 1 ? 'a new job' : 'new jobs'}; {matched === 1 ? 'it stays' : 'they stay'} as they are.</p>
      {first ? <Merged of={first} /> : null}
    </div>
  );
}

interface FieldsProps {
  draft: ReplayAllDraft;
  error: Error | null;
  onChange: (change: Partial<ReplayAllDraft>) => void;
}

function Fields({ draft, error, onChange }: FieldsProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <TextField label="Queue" placeholder="As before" value={draft.queue} error={fieldError(error, 'changes.queue')} onChange={(event) => { onChange({ queue: event.target.value }); }} />
      <SelectField label="Priority" value={draft.priority} onChange={(event) => { onChange({ priority: event.target.value }); }}>
        <option value="">As before</option>
        {Array.from({ length: 10 }, (_, n) => 9 - n).map((n) => <option key={n} value={n}>{n}</option>)}
      </SelectField>
      <TextField label="Jobs a minute" type="number" inputMode="numeric" min={1} max={100_000} placeholder="As fast as possible" value={draft.pace} error={fieldError(error, 'ratePerMin')} onChange={(event) => { onChange({ pace: event.target.value }); }} />
    </div>
  );
}

/** Runs all ended jobs of a filter again as new jobs, by an operation. */
export default function ReplayAllDialog({ filter, onClose }: { filter: NarrowingDead; onClose: () => void }) {
  const [draft, setDraft] = useState(untouched);
  const start = useStartBulk();
  const request = toOperation(draft, filter, checkPayload(draft.text, undefined));
  const preview = useReplayPreview(request);
  const matched = preview.data?.matched;
  if (start.data) return <Dialog title="Replay jobs" onClose={onClose} footer={<Button onClick={onClose}>Close</Button>}><OperationProgress operation={start.data}>The jobs are being replayed.</OperationProgress></Dialog>;
  const error = start.error ?? preview.error;
  return (
    <Dialog
      wide title="Replay jobs" description="An operation does it in the background. You can follow and cancel it." onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button kind="primary" busy={start.isPending} disabled={!matched || !request} onClick={() => { if (request) start.mutate(request); }}>Replay{matched === undefined ? '' : ` ${plural(matched, 'job')}`}</Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Preview preview={preview} />
        <Fields draft={draft} error={error} onChange={(change) => { setDraft({ ...draft, ...change }); }} />
        <div>
          <PayloadEditor label="Merge into each payload" value={draft.text} onChange={(text) => { setDraft({ ...draft, text }); }} />
          <p className="mt-1 text-xs text-ink-3">Objects are merged, null removes a field, anything else replaces what is there. {'{}'} changes nothing.</p>
        </div>
        {start.error ? <FormError error={start.error} /> : null}
      </div>
    </Dialog>
  );
}
