import { useId, type ComponentProps } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { QueryView } from '@/components/query-view';
import { useJob } from '@/features/jobs/api/get-job';
import { useTasks } from '@/features/jobs/api/list-tasks';
import { KeptPayload } from '@/features/jobs/components/large-value';
import { PayloadEditor } from '@/features/jobs/components/payload-editor';
import { checkPayload } from '@/features/jobs/payload';
import { useSteps } from '@/features/steps/api/list-steps';
import { drafts, useDraft } from '@/lib/drafts';
import { writeJson } from '@/lib/json';
import { plainText } from '@/lib/plain-text';
import type { JobDetail, JsonSchema, Step, Steps } from '@/types';

import { useRedriveOne } from '../api/redrive-one';
import { likelyStep, optionsOf, type Mode, type RedriveDraft } from '../redrive';

const modes: { mode: Mode; label: string; hint: string }[] = [
  { mode: 'rest', label: 'What did not complete', hint: 'Steps that ended keep what they recorded; the failure that ended the job is tried again.' },
  { mode: 'step', label: 'From a step', hint: 'Only steps that began before the first one of this name keep what they recorded.' },
  { mode: 'payload', label: 'Everything, with this payload', hint: 'No step keeps anything.' },
];

const submit: Record<Mode, string> = { rest: 'Redrive', step: 'Redrive from this step', payload: 'Redrive with this payload' };

interface FormProps {
  job: JobDetail;
  /** The first page; none of a plain job. */
  known: Steps;
  /** The step to begin with, if one was chosen. */
  from: string | undefined;
  onClose: () => void;
}

function ModePicks({ mode, onChange }: { mode: Mode; onChange: (mode: Mode) => void }) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-[0.8125rem] font-medium">Run again</legend>
      {modes.map(({ mode: each, label, hint }) => (
        <label key={each} className="flex items-baseline gap-2.5">
          <input type="radio" name="mode" checked={mode === each} onChange={() => { onChange(each); }} className="accent-accent" />
          <span className="min-w-0">{label}<span className="block text-xs text-ink-3">{hint}</span></span>
        </label>
      ))}
    </fieldset>
  );
}

function StepField({ steps, value, error, onChange }: { steps: Step[]; value: string; error: string | undefined; onChange: (name: string) => void }) {
  const id = useId();
  return (
    <>
      <TextField label="Step" list={id} autoComplete="off" spellCheck={false} maxLength={200} value={value} onChange={(event) => { onChange(event.target.value); }} error={error} />
      <datalist id={id}>{[...new Set(steps.map(({ name }) => name))].map((name) => <option key={name} value={name} />)}</datalist>
    </>
  );
}

function LastError({ error }: Pick<JobDetail, 'error'>) {
  return error ? <p className="text-[0.8125rem] break-words text-ink-2"><span className="font-mono text-dlq">{error.type}</span> {plainText(error.message)}</p> : null;
}

/** Null for a payload that is not here: it stays as it is. */
const checkedOf = (job: JobDetail, text: string, schema: JsonSchema | undefined) => (job.payloadTruncated ? null : checkPayload(text, schema));

function PayloadField({ job, ...editor }: ComponentProps<typeof PayloadEditor> & { job: JobDetail }) {
  return job.payloadTruncated ? <KeptPayload /> : <PayloadEditor {...editor} />;
}

function Form({ job, known, from, onClose }: FormProps) {
  const { steps } = known;
  const durable = steps.length > 0;
  // Kept while the job is the same, so a dialog closed by mistake loses nothing.
  const key = `redrive:${job._id}:${String(job.redrives)}:${from ?? ''}`;
  const [draft, setDraft] = useDraft<RedriveDraft>(key, () => ({ mode: durable ? 'step' : 'payload', step: from ?? likelyStep(known), text: writeJson(job.payload ?? {}, 2) }));
  const { mode, step, text } = draft;
  const schema = useTasks().data?.find(({ name }) => name === job.task)?.schema;
  const redrive = useRedriveOne();
  const options = optionsOf(draft, checkedOf(job, text, schema));
  const edit = (change: Partial<RedriveDraft>): void => {
    setDraft({ ...draft, ...change });
    if (redrive.isError) redrive.reset();
  };
  const run = (): void => {
    if (options) redrive.mutate({ id: job._id, ...options }, { onSuccess: () => { drafts.drop(key); onClose(); } });
  };
  const wrong = mode === 'step' ? fieldError(redrive.error, 'fromStep') : undefined;
  return (
    <div className="flex flex-col gap-4">
      <LastError error={job.error} />
      {durable ? <ModePicks mode={mode} onChange={(next) => { edit({ mode: next }); }} /> : null}
      {mode === 'step' ? <StepField steps={steps} value={step} error={wrong} onChange={(name) => { edit({ step: name }); }} /> : null}
      {mode === 'payload' ? <PayloadField job={job} value={text} schema={schema} onChange={(next) => { edit({ text: next }); }} /> : null}
      <FormError error={wrong ? null : redrive.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Close</Button>
        <Button kind="primary" busy={redrive.isPending} disabled={!options} onClick={run}>{submit[mode]}</Button>
      </div>
    </div>
  );
}

/** Runs a failed job again as a new series of attempts: with a corrected payload, or a durable one from a step. */
export function RedriveDialog({ id, from, onClose }: { id: string; from?: string; onClose: () => void }) {
  const job = useJob(id);
  const steps = useSteps({ _id: id, status: 'dlq' });
  const durable = (steps.data?.steps.length ?? 0) > 0;
  return (
    <Dialog wide title={durable ? 'Redrive' : 'Edit and redrive'} description={job.data?.name} onClose={onClose}>
      <QueryView query={job} skeleton={<div className="skeleton h-64" />}>
        {(data) => <QueryView query={steps} skeleton={<div className="skeleton h-64" />}>{(known) => <Form job={data} known={known} from={from} onClose={onClose} />}</QueryView>}
      </QueryView>
    </Dialog>
  );
}
