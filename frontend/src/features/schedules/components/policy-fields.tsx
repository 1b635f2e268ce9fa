import { SelectField, TextField } from '@/components/field';

import type { ScheduleFields } from '../schedule-form';
import { missedName, overlapName } from '../words';

interface PolicyFieldsProps {
  fields: ScheduleFields;
  wrong: (field: string) => string | undefined;
  onChange: (change: Partial<ScheduleFields>) => void;
}

/** What becomes of fires that are missed, or come while a job is open. */
export function PolicyFields({ fields, wrong, onChange }: PolicyFieldsProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <SelectField label="Missed fires make" value={fields.missed} onChange={(event) => { onChange({ missed: event.target.value as ScheduleFields['missed'] }); }}>
        {Object.entries(missedName).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      </SelectField>
      <SelectField label="While a job is open, a fire makes" value={fields.overlap} onChange={(event) => { onChange({ overlap: event.target.value as ScheduleFields['overlap'] }); }}>
        {Object.entries(overlapName).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      </SelectField>
      <TextField label="Catch up for, in hours" type="number" min={0} max={744} step="any" value={fields.catchupHours} error={wrong('catchupS')} onChange={(event) => { onChange({ catchupHours: event.target.value }); }} />
      <TextField label="Jitter in seconds" type="number" min={0} max={3600} value={fields.jitter} placeholder="0" error={wrong('jitterS')} onChange={(event) => { onChange({ jitter: event.target.value }); }} />
    </div>
  );
}
