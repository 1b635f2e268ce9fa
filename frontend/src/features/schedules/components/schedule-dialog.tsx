import { Hammer } from 'lucide-react';
import type { SubmitEvent } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { TextField } from '@/components/field';
import { fieldError, FormError } from '@/components/form-error';
import { QueryView } from '@/components/query-view';
import { EmptyState } from '@/components/states';
import { useTasks } from '@/features/jobs/api/list-tasks';
import { PayloadEditor } from '@/features/jobs/components/payload-editor';
import { TaskPicker } from '@/features/jobs/components/task-picker';
import { toasts } from '@/lib/toasts';
import type { ScheduleDetail, Task } from '@/types';

import { useScheduleForm } from '../use-schedule-form';
import { PolicyFields } from './policy-fields';
import { TimingFields } from './timing-fields';
import { TimingPreview } from './timing-preview';

interface ScheduleDialogProps {
  /** Where it is not one's own. */
  tenant: string;
  /** The schedule to change; absent for a new one. */
  known?: ScheduleDetail;
  onClose: () => void;
}

const atFields = ['name', 'queue', 'catchupS', 'jitterS'];

function Form({ tasks, tenant, known, onClose }: ScheduleDialogProps & { tasks: Task[] }) {
  const form = useScheduleForm(tasks, known);
  const { fields, put, when } = form;
  const wrong = (field: string) => fieldError(put.error, field);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const schedule = form.schedule();
    if (!schedule || put.isPending) return;
    put.mutate({ name: fields.name.trim(), tenant, schedule }, {
      onSuccess: (made) => {
        toasts.success(known ? `Changed ${made.name}` : `Created ${made.name}`);
        form.forget();
        onClose();
      },
    });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <div className="grid gap-3 sm:grid-cols-3">
        <TextField label="Schedule" data-autofocus required maxLength={64} readOnly={known !== undefined} value={fields.name} placeholder="nightly-report" error={wrong('name')} onChange={(event) => { form.change({ name: event.target.value }); }} />
        <TextField label="Name of its jobs" maxLength={200} value={fields.jobName} placeholder={fields.name} onChange={(event) => { form.change({ jobName: event.target.value }); }} />
        <TextField label="Queue" value={fields.queue} placeholder={form.task?.queue ?? 'default'} error={wrong('queue')} onChange={(event) => { form.change({ queue: event.target.value }); }} />
      </div>
      <TimingFields fields={fields} onChange={form.change} />
      <TimingPreview when={when} tz={fields.tz} />
      <TaskPicker tasks={tasks} value={form.task?.name ?? ''} onChange={form.pick} />
      <PayloadEditor value={form.payload} schema={form.task?.schema} untouched={form.untouched} onChange={form.edit} />
      <PolicyFields fields={fields} wrong={wrong} onChange={form.change} />
      <FormError error={atFields.some((field) => wrong(field)) ? null : put.error} />
      <div className="sticky -bottom-5 -mx-5 -mb-5 flex justify-end gap-2 border-t border-line bg-sunken px-5 py-3">
        <Button onClick={onClose}>Close</Button>
        <Button kind="primary" type="submit" busy={put.isPending} disabled={!form.checked.ok || !form.task || !when}>{known ? 'Save' : 'Create schedule'}</Button>
      </div>
    </form>
  );
}

export default function ScheduleDialog(props: ScheduleDialogProps) {
  const tasks = useTasks();
  return (
    <Dialog wide title={props.known ? `Change ${props.known.name}` : 'New schedule'} onClose={props.onClose}>
      <QueryView query={tasks} skeleton={<div className="skeleton h-72" />}>
        {(list) => list.length > 0 ? <Form {...props} tasks={list} /> : (
          <EmptyState icon={Hammer} title="No tasks yet">A task appears here once a worker has registered it.</EmptyState>
        )}
      </QueryView>
    </Dialog>
  );
}
