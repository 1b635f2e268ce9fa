import { useState } from 'react';

import type { Task } from '@/types';

import { useCreateJob } from './api/create-job';
import { blankFields, toNewJob, type NewJobFields } from './new-job';
import { checkPayload, examplePayload } from './payload';

const FALLBACK = 'simulated';

/** The state of the new-job dialog: the chosen task, its payload text, and the fields. */
export function useNewJobForm(tasks: Task[], wanted: string) {
  const [picked, setPicked] = useState(wanted);
  const [fields, setFields] = useState(blankFields);
  const [text, setText] = useState<string | null>(null);
  // One key for the dialog's life: a second press after a lost answer makes no second job.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const create = useCreateJob();
  const task = tasks.find(({ name }) => name === (picked || FALLBACK)) ?? (picked ? undefined : tasks[0]);
  const payload = text ?? examplePayload(task?.schema);
  const checked = checkPayload(payload, task?.schema);
  const edited = (): void => {
    if (create.isError) setKey(crypto.randomUUID());
    create.reset();
  };
  return {
    task, fields, payload, checked, create, untouched: text === null,
    pick: (next: Task) => { setPicked(next.name); setText(null); edited(); },
    change: (change: Partial<NewJobFields>) => { setFields((now) => ({ ...now, ...change })); edited(); },
    edit: (next: string) => { setText(next); edited(); },
    job: () => (checked.ok && task ? toNewJob(fields, task.name, checked.value, key) : null),
  };
}
