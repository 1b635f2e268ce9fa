import { useState } from 'react';

import { shortTime } from '@/lib/format';

import { Pick } from './pick';

interface Period {
  from: string;
  to: string;
}

interface PeriodPickProps extends Period {
  /** Label while nothing is chosen: “Any time”. */
  label: string;
  /** Gets what changed. The other end may be a click behind in the properties, so it is not repeated. */
  onChange: (change: Partial<Period>) => void;
}

const CHOOSE = 'choose';
const since: { label: string; ms: number }[] = [
  { label: 'Last 15 minutes', ms: 900_000 },
  { label: 'Last hour', ms: 3_600_000 },
  { label: 'Last 24 hours', ms: 86_400_000 },
  { label: 'Last 7 days', ms: 604_800_000 },
];

/** The chosen period in words; a fixed period does not move with the clock. */
function describe({ from, to }: Period): string {
  if (!to) return `Since ${shortTime(from)}`;
  return from ? `${shortTime(from)} to ${shortTime(to)}` : `Until ${shortTime(to)}`;
}

/** For a `datetime-local` input, which knows no zones. */
function localTime(iso: string): string {
  if (!iso) return '';
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function TimeInput({ label, value, onChange }: { label: string; value: string; onChange: (iso: string) => void }) {
  return (
    <label className="flex min-w-0 items-center gap-2 text-[0.8125rem] text-ink-2 max-sm:basis-full">
      <span className="max-sm:w-10">{label}</span>
      <input type="datetime-local" value={localTime(value)} onChange={(event) => { onChange(event.target.value ? new Date(event.target.value).toISOString() : ''); }} className="field w-auto min-w-0 max-sm:flex-1" />
    </label>
  );
}

/** A period by its length until now, or from one time to another. */
export function PeriodPick({ label, from, to, onChange }: PeriodPickProps) {
  const [choosing, setChoosing] = useState(false);
  const chosen = from || to ? 'chosen' : '';
  const pick = (value: string): void => {
    if (value === 'chosen') return;
    setChoosing(value === CHOOSE);
    if (value !== CHOOSE) onChange({ from: value ? new Date(Date.now() - Number(value)).toISOString() : '', to: '' });
  };
  return (
    <>
      <Pick label={label} whole={chosen !== ''} value={choosing ? CHOOSE : chosen} onChange={pick}>
        {chosen ? <option value="chosen">{describe({ from, to })}</option> : null}
        {since.map((span) => <option key={span.ms} value={span.ms}>{span.label}</option>)}
        <option value={CHOOSE}>From … to …</option>
      </Pick>
      {choosing ? (
        <div className="flex basis-full flex-wrap gap-2">
          <TimeInput label="From" value={from} onChange={(next) => { onChange({ from: next }); }} />
          <TimeInput label="To" value={to} onChange={(next) => { onChange({ to: next }); }} />
        </div>
      ) : null}
    </>
  );
}
