import { SelectField, TextField } from '@/components/field';

import { hasSchedule, hasWindow, mayBeForAll, unitOf, type AlertForm } from '../alerts';

interface AlertFieldsProps {
  form: AlertForm;
  operator: boolean;
  /** Kind and scope of a rule stay. */
  known: boolean;
  wrong: (field: string) => string | undefined;
  change: (part: Partial<AlertForm>) => void;
}

type Text = 'threshold' | 'windowMin' | 'minJobs' | 'queue' | 'task' | 'schedule' | 'forMin' | 'repeatMin';

/** Which queue, task or schedule: what the kind knows, and none of one tenant in a rule for all. */
function NameFields({ form, input }: { form: AlertForm; input: (name: Text, label: string, field: string, rest?: object) => React.ReactNode }) {
  const own = form.scope === 'tenant';
  return (
    <>
      {own && !hasSchedule(form.kind) ? input('queue', 'Queue', 'queue', { placeholder: 'any' }) : null}
      {hasWindow(form.kind) ? input('task', 'Task', 'task', { placeholder: 'any' }) : null}
      {own && hasSchedule(form.kind) ? input('schedule', 'Schedule', 'schedule', { placeholder: 'any' }) : null}
    </>
  );
}

/** What is measured, and from when on it is wrong. */
export function AlertFields({ form, operator, known, wrong, change }: AlertFieldsProps) {
  const input = (name: Text, label: string, field: string, rest: object = {}) => (
    <TextField label={label} autoComplete="off" maxLength={64} value={form[name]} error={wrong(field)} onChange={(event) => { change({ [name]: event.target.value }); }} {...rest} />
  );
  const number = { inputMode: 'decimal', maxLength: 12 };
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {operator && !known && mayBeForAll(form.kind) ? (
        <SelectField label="Measured in" value={form.scope} onChange={(event) => { change({ scope: event.target.value as AlertForm['scope'] }); }}>
          <option value="tenant">My workspace</option>
          <option value="all">All workspaces together</option>
        </SelectField>
      ) : null}
      {input('threshold', `Threshold (${unitOf[form.kind]})`, 'threshold', { ...number, required: true })}
      <NameFields form={form} input={input} />
      {hasWindow(form.kind) ? input('windowMin', 'Window (minutes)', 'windowS', number) : null}
      {form.kind === 'failure_rate' ? input('minJobs', 'At least so many ended jobs', 'minJobs', number) : null}
      {input('forMin', 'Holds for (minutes)', 'forS', { ...number, hint: 'How long it must hold before it fires' })}
      {input('repeatMin', 'Repeat every (minutes)', 'repeatS', { ...number, hint: '0: once; else 5 or more' })}
      <SelectField label="Severity" value={form.severity} onChange={(event) => { change({ severity: event.target.value as AlertForm['severity'] }); }}>
        <option value="info">Info</option>
        <option value="warning">Warning</option>
        <option value="critical">Critical</option>
      </SelectField>
    </div>
  );
}
