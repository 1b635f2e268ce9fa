import { SelectField, TextField } from '@/components/field';
import { fieldError } from '@/components/form-error';
import { ApiError } from '@/lib/api-client';
import { conditionName } from '@/lib/run-if';
import type { OnConflict, RunIf, Task } from '@/types';

import type { NewJobFields as Fields } from '../new-job';

/** What is done with the new job meanwhile. */
const conflicts: Record<OnConflict, string> = { keep: 'Keep that job', reject: 'Refuse', replace: 'Replace that job', push_back: 'Push it back', run_after: 'Run after it' };

interface NewJobFieldsProps {
  fields: Fields;
  task: Task | undefined;
  error: Error | null;
  onChange: (change: Partial<Fields>) => void;
}

/** The API names the id that is wrong: “dependsOn.1”. */
export function wrongNeed(error: Error | null): string | undefined {
  return error instanceof ApiError && error.field?.split('.')[0] === 'dependsOn' ? error.message : undefined;
}

const priorities = Array.from({ length: 10 }, (_, n) => 9 - n);
const priorityHint: Record<number, string> = { 9: '9, first', 5: '5, normal', 0: '0, last' };

export function NewJobFields({ fields, task, error, onChange }: NewJobFieldsProps) {
  const wrong = (field: string) => fieldError(error, field);
  const needs = fields.dependsOn.trim() !== '';
  return (
    <div className="grid gap-3 sm:grid-cols-6">
      <TextField className="sm:col-span-6" data-autofocus label="Name" value={fields.name} maxLength={200} placeholder={task?.name ?? ''} error={wrong('name')} onChange={(event) => { onChange({ name: event.target.value }); }} />
      <TextField className="sm:col-span-2" label="Queue" value={fields.queue} placeholder={task?.queue ?? 'default'} error={wrong('queue')} onChange={(event) => { onChange({ queue: event.target.value }); }} />
      <SelectField className="sm:col-span-2" label="Priority" value={fields.priority} onChange={(event) => { onChange({ priority: event.target.value }); }}>
        {priorities.map((n) => <option key={n} value={n}>{priorityHint[n] ?? n}</option>)}
      </SelectField>
      <TextField className="sm:col-span-2" label="Retries" type="number" min={0} max={25} value={fields.retries} placeholder={String(task?.maxRetries ?? 3)} error={wrong('maxRetries')} onChange={(event) => { onChange({ retries: event.target.value }); }} />
      <TextField className="sm:col-span-2" label="Delay in seconds" type="number" min={0} step="any" value={fields.delay} placeholder="0" error={wrong('delayS')} onChange={(event) => { onChange({ delay: event.target.value }); }} />
      <TextField className="sm:col-span-4" label="Tags" value={fields.tags} placeholder="Separated by commas" error={wrong('tags')} onChange={(event) => { onChange({ tags: event.target.value }); }} />
      <TextField className="sm:col-span-4" label="Unique key" value={fields.uniqueKey} maxLength={200} placeholder={task?.unique ? 'As the task says' : 'None'} error={wrong('unique.key') ?? wrong('unique')} onChange={(event) => { onChange({ uniqueKey: event.target.value }); }} />
      <SelectField className="sm:col-span-2" label="While another job holds it" value={fields.onConflict} disabled={!fields.uniqueKey} onChange={(event) => { onChange({ onConflict: event.target.value as OnConflict }); }}>
        {Object.entries(conflicts).map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </SelectField>
      <TextField className="sm:col-span-4 [&_input]:font-mono" label="Depends on" value={fields.dependsOn} spellCheck={false} placeholder="Ids of jobs" error={wrongNeed(error)} onChange={(event) => { onChange({ dependsOn: event.target.value }); }} />
      <SelectField className="sm:col-span-2" label="Run if" value={fields.runIf} disabled={!needs} error={wrong('runIf')} onChange={(event) => { onChange({ runIf: event.target.value as RunIf }); }}>
        {Object.entries(conditionName).map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </SelectField>
    </div>
  );
}
