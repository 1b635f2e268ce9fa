import { Field, SelectField, TextField } from '@/components/field';
import { Segmented } from '@/components/segmented';

import { units, type Kind, type ScheduleFields } from '../schedule-form';

interface TimingFieldsProps {
  fields: ScheduleFields;
  onChange: (change: Partial<ScheduleFields>) => void;
}

const kinds: { value: Kind; label: string }[] = [{ value: 'cron', label: 'Cron' }, { value: 'every', label: 'Interval' }, { value: 'at', label: 'Once' }];
const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];

function Cron({ fields, onChange }: TimingFieldsProps) {
  const all = zones.includes(fields.tz) ? zones : [fields.tz, ...zones];
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <TextField label="Expression" className="[&_input]:font-mono" value={fields.cron} maxLength={200} spellCheck={false} hint="Minute, hour, day, month, weekday" onChange={(event) => { onChange({ cron: event.target.value }); }} />
      <SelectField label="Time zone" value={fields.tz} onChange={(event) => { onChange({ tz: event.target.value }); }}>{all.map((zone) => <option key={zone}>{zone}</option>)}</SelectField>
    </div>
  );
}

function Every({ fields, onChange }: TimingFieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <TextField label="Every" type="number" min={1} step="any" value={fields.every} onChange={(event) => { onChange({ every: event.target.value }); }} />
      <SelectField label="Unit" value={fields.unit} onChange={(event) => { onChange({ unit: event.target.value }); }}>{Object.keys(units).map((unit) => <option key={unit}>{unit}</option>)}</SelectField>
    </div>
  );
}

/** When it fires: one of three ways, each with its fields. */
export function TimingFields({ fields, onChange }: TimingFieldsProps) {
  return (
    <div className="flex flex-col gap-3">
      <Segmented label="When" value={fields.kind} options={kinds} onChange={(kind) => { onChange({ kind }); }} />
      {fields.kind === 'cron' ? <Cron fields={fields} onChange={onChange} /> : null}
      {fields.kind === 'every' ? <Every fields={fields} onChange={onChange} /> : null}
      {fields.kind === 'at' ? <Field label="Time">{(wiring) => <input className="field" type="datetime-local" {...wiring} value={fields.at} onChange={(event) => { onChange({ at: event.target.value }); }} />}</Field> : null}
    </div>
  );
}
