import { drafts, useDraft } from '@/lib/drafts';
import type { Task } from '@/types';

import { useCreateJob } from './api/create-job';
import { blankFields, toNewJob, type NewJobFields } from './new-job';
import { checkPayload, examplePayload } from './payload';

const FALLBACK = 'simulated';

interface Draft {
  picked: string;
  fields: NewJobFields;
  /** The payload written for each task. */
  texts: Record<string, string>;
  /** One for all tries to create this job: a second press after a lost response creates no second job. */
  key: string;
}

/** The state of the new-job dialog, kept until the job is created: the task, its payload text, the fields. */
export function useNewJobForm(tasks: Task[], wanted: string) {
  const name = `new-job:${wanted}`;
  const [draft, setDraft] = useDraft<Draft>(name, () => ({ picked: wanted, fields: blankFields, texts: {}, key: crypto.randomUUID() }));
  const create = useCreateJob();
  const task = tasks.find((each) => each.name === (draft.picked || FALLBACK)) ?? (draft.picked ? undefined : tasks[0]);
  const text = draft.texts[task?.name ?? ''];
  const payload = text ?? examplePayload(task?.schema);
  const checked = checkPayload(payload, task?.schema);
  const edit = (change: Partial<Draft>): void => {
    setDraft({ ...draft, ...change, ...(create.isError && { key: crypto.randomUUID() }) });
    create.reset();
  };
  return {
    task, payload, checked, create,
    fields: draft.fields,
    untouched: text === undefined,
    written: draft.fields !== blankFields || Object.keys(draft.texts).length > 0,
    pick: (next: Task) => { edit({ picked: next.name }); },
    change: (change: Partial<NewJobFields>) => { edit({ fields: { ...draft.fields, ...change } }); },
    edit: (next: string) => { edit({ texts: { ...draft.texts, [task?.name ?? '']: next } }); },
    startOver: () => { edit({ fields: blankFields, texts: {} }); },
    forget: () => { drafts.drop(name); },
    job: () => (checked.ok && task ? toNewJob(draft.fields, task.name, checked.value, draft.key) : null),
  };
}
