import { count, duration, percent } from '@/lib/format';
import type { Forecast, Tally } from '@/types';

import { change } from '../filter';

const share = ({ completed, failed }: Tally): number | null => (completed + failed > 0 ? failed / (completed + failed) : null);

function Figure({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <div className="card flex min-w-0 flex-col gap-0.5 px-4 py-3">
      <dt className="truncate text-xs text-ink-3">{label}</dt>
      <dd className="num text-lg font-semibold">{value}</dd>
      <dd className="num truncate text-xs text-ink-2">{note}</dd>
    </div>
  );
}

function before(now: number, then: number): string {
  return then === 0 ? 'none in the period before' : `${change(now, then)} against the period before`;
}

/** When the jobs that wait will be done. */
export function forecastText({ waiting, drainS }: Forecast): string {
  if (waiting === 0) return 'Nothing waits';
  return drainS === null ? 'Not at this rate' : duration(drainS * 1000);
}

/** The range in numbers, each compared with the range before, and the forecast. */
export function Figures({ now, previous, forecast }: { now: Tally; previous: Tally; forecast: Forecast | undefined }) {
  return (
    <dl className="grid grid-cols-2 gap-3 md:grid-cols-5">
      <Figure label="Completed" value={count(now.completed)} note={before(now.completed, previous.completed)} />
      <Figure label="Failure rate" value={percent(share(now))} note={`${percent(share(previous))} in the period before`} />
      <Figure label="Run time p95" value={duration(now.run.p95)} note={`${duration(previous.run.p95)} in the period before`} />
      <Figure label="Wait p95" value={duration(now.wait.p95)} note={`${duration(previous.wait.p95)} in the period before`} />
      <Figure label="All done in" value={forecast ? forecastText(forecast) : '–'} note={forecast ? `${count(forecast.waiting)} wait; ${forecast.endedPerMin.toFixed(1)} end a minute` : ''} />
    </dl>
  );
}
