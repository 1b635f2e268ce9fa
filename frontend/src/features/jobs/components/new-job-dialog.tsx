import { useQueryClient } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { fieldError, FormError } from '@/components/form-error';
import { QueryView } from '@/components/query-view';
import { EmptyState } from '@/components/states';
import { toasts } from '@/lib/toasts';
import type { Task } from '@/types';
import { Hammer } from 'lucide-react';

import { jobsKey } from '../api/list-jobs';
import { useTasks } from '../api/list-tasks';
import { useNewJobForm } from '../use-new-job-form';
import { NewJobFields, wrongNeed } from './new-job-fields';
import { PayloadEditor } from './payload-editor';
import { TaskPicker } from './task-picker';

interface NewJobDialogProps {
  /** Name of the task to begin with; empty for the default one. */
  task: string;
  onClose: () => void;
}

const FORM = 'new-job';
const atFields = ['name', 'queue', 'maxRetries', 'delayS', 'tags', 'unique', 'unique.key', 'runIf'];

function Form({ tasks, task, onClose }: NewJobDialogProps & { tasks: Task[] }) {
  const form = useNewJobForm(tasks, task);
  const queries = useQueryClient();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const job = form.job();
    if (!job || form.create.isPending) return;
    form.create.mutate(job, {
      onSuccess: ({ job: made, duplicate }) => {
        toasts.success(duplicate ? `“${made.name}” holds this unique key and stands for the new job` : `Created “${made.name}”`);
        void queries.invalidateQueries({ queryKey: jobsKey });
        form.forget();
        onClose();
      },
    });
  };
  const { error } = form.create;
  return (
    <form id={FORM} onSubmit={submit} className="flex flex-col gap-4">
      <TaskPicker tasks={tasks} value={form.task?.name ?? ''} onChange={form.pick} />
      <NewJobFields fields={form.fields} task={form.task} error={error} onChange={form.change} />
      <PayloadEditor value={form.payload} schema={form.task?.schema} untouched={form.untouched} onChange={form.edit} />
      <FormError error={wrongNeed(error) || atFields.some((field) => fieldError(error, field)) ? null : error} />
      <div className="sticky -bottom-5 -mx-5 -mb-5 flex justify-end gap-2 border-t border-line bg-sunken px-5 py-3">
        {form.written ? <Button kind="ghost" className="mr-auto" onClick={form.startOver}>Start over</Button> : null}
        <Button onClick={onClose}>Close</Button>
        <Button kind="primary" type="submit" busy={form.create.isPending} disabled={!form.checked.ok || !form.task}>Create job</Button>
      </div>
    </form>
  );
}

export default function NewJobDialog(props: NewJobDialogProps) {
  const tasks = useTasks();
  return (
    <Dialog wide title="New job" onClose={props.onClose}>
      <QueryView query={tasks} skeleton={<div className="skeleton h-72" />}>
        {(list) => list.length > 0 ? <Form {...props} tasks={list} /> : (
          <EmptyState icon={Hammer} title="No tasks yet">A task appears here once a worker has registered it.</EmptyState>
        )}
      </QueryView>
    </Dialog>
  );
}
