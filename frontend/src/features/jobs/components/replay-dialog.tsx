import { useState } from 'react';
import { useNavigate } from 'react-router';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { SelectField, TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { useScopedLink } from '@/features/session/use-scope';
import { drafts, useDraft } from '@/lib/drafts';
import { writeJson } from '@/lib/json';
import type { JobDetail } from '@/types';

import { useTasks } from '../api/list-tasks';
import { useReplayJob } from '../api/replay-job';
import { checkPayload, kept } from '../payload';
import { draftOf, toReplay, type ReplayDraft } from '../replay';
import { KeptPayload } from './large-value';
import { PayloadEditor } from './payload-editor';

const atFields = ['name', 'queue', 'delayS'];

interface FieldsProps {
  draft: ReplayDraft;
  error: Error | null;
  onChange: (change: Partial<ReplayDraft>) => void;
}

function Fields({ draft, error, onChange }: FieldsProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-6">
      <TextField className="sm:col-span-6" label="Name" value={draft.name} maxLength={200} error={fieldError(error, 'name')} onChange={(event) => { onChange({ name: event.target.value }); }} />
      <TextField className="sm:col-span-2" label="Queue" value={draft.queue} error={fieldError(error, 'queue')} onChange={(event) => { onChange({ queue: event.target.value }); }} />
      <SelectField className="sm:col-span-2" label="Priority" value={draft.priority} onChange={(event) => { onChange({ priority: event.target.value }); }}>
        {Array.from({ length: 10 }, (_, n) => 9 - n).map((n) => <option key={n} value={n}>{n}</option>)}
      </SelectField>
      <TextField className="sm:col-span-2" label="Delay in seconds" type="number" min={0} step="any" placeholder="0" value={draft.delay} error={fieldError(error, 'delayS')} onChange={(event) => { onChange({ delay: event.target.value }); }} />
    </div>
  );
}

/** Runs an ended job again as a new job, with another payload if wanted. */
export function ReplayDialog({ job, onClose }: { job: JobDetail; onClose: () => void }) {
  const navigate = useNavigate();
  const link = useScopedLink();
  const [began] = useState(() => writeJson(job.payload ?? {}, 2));
  const saved = `replay:${job._id}:${String(job.rev)}`;
  const [draft, setDraft] = useDraft<ReplayDraft>(saved, () => draftOf(job, began, crypto.randomUUID()));
  const schema = useTasks().data?.find(({ name }) => name === job.task)?.schema;
  const replay = useReplayJob(job._id);
  const body = toReplay(draft, job, began, job.payloadTruncated ? kept : checkPayload(draft.text, schema));
  const edit = (change: Partial<ReplayDraft>): void => {
    setDraft({ ...draft, ...change, ...(replay.isError && { key: crypto.randomUUID() }) });
    if (replay.isError) replay.reset();
  };
  const run = (): void => {
    if (!body) return;
    replay.mutate(body, {
      onSuccess: ({ _id }) => {
        drafts.drop(saved);
        onClose();
        void navigate(link(`/jobs/${_id}`));
      },
    });
  };
  return (
    <Dialog wide title="Replay" description={job.name} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p className="text-[0.8125rem] text-ink-2">A new job of the task {job.task} runs with what stands here; this job stays as it is.</p>
        <Fields draft={draft} error={replay.error} onChange={edit} />
        {job.payloadTruncated ? <KeptPayload /> : <PayloadEditor value={draft.text} schema={schema} onChange={(text) => { edit({ text }); }} />}
        <FormError error={atFields.some((field) => fieldError(replay.error, field)) ? null : replay.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" busy={replay.isPending} disabled={!body} onClick={run}>Create job</Button>
        </div>
      </div>
    </Dialog>
  );
}
