import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormError } from '@/components/form-error';
import { QueryView } from '@/components/query-view';
import { useJob } from '@/features/jobs/api/get-job';
import { useTasks } from '@/features/jobs/api/list-tasks';
import { PayloadEditor } from '@/features/jobs/components/payload-editor';
import { checkPayload } from '@/features/jobs/payload';
import { drafts, useDraft } from '@/lib/drafts';
import { writeJson } from '@/lib/json';
import { plainText } from '@/lib/plain-text';
import type { JobDetail } from '@/types';

import { useRedriveOne } from '../api/redrive-one';

function Editor({ job, onClose }: { job: JobDetail; onClose: () => void }) {
  // Kept while the job is the same, so a dialog closed by mistake loses nothing.
  const draft = `redrive:${job._id}:${String(job.redrives)}`;
  const [text, setText] = useDraft(draft, () => writeJson(job.payload ?? {}, 2));
  const schema = useTasks().data?.find(({ name }) => name === job.task)?.schema;
  const redrive = useRedriveOne();
  const checked = checkPayload(text, schema);
  const run = (): void => {
    if (checked.ok) redrive.mutate({ id: job._id, payload: checked.value }, { onSuccess: () => { drafts.drop(draft); onClose(); } });
  };
  return (
    <div className="flex flex-col gap-4">
      {job.error ? <p className="text-[0.8125rem] break-words text-ink-2"><span className="font-mono text-dlq">{job.error.type}</span> {plainText(job.error.message)}</p> : null}
      <PayloadEditor value={text} schema={schema} onChange={setText} />
      <FormError error={redrive.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Close</Button>
        <Button kind="primary" busy={redrive.isPending} disabled={!checked.ok} onClick={run}>Redrive with this payload</Button>
      </div>
    </div>
  );
}

/** Corrects a dead job's payload and runs it again as a new series of attempts. */
export function RedriveDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const job = useJob(id);
  return (
    <Dialog wide title="Edit and redrive" description={job.data?.name} onClose={onClose}>
      <QueryView query={job} skeleton={<div className="skeleton h-64" />}>{(data) => <Editor job={data} onClose={onClose} />}</QueryView>
    </Dialog>
  );
}
