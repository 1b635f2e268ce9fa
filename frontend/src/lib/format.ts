/** Numbers, durations and times as people read them. Pure. */

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const plain = new Intl.NumberFormat('en');

/** 1,234 below a hundred thousand, 123K above. */
export function count(value: number): string {
  return Math.abs(value) < 100_000 ? plain.format(value) : compact.format(value);
}

/** How often something happens in a minute: a fraction only where it says something. */
export function rate(perMin: number): string {
  return perMin === 0 || perMin >= 10 ? count(Math.round(perMin)) : perMin.toFixed(1);
}

/** A share 0…1 as a percentage that never rounds up to 100 % or down to 0 %. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || Number.isNaN(share)) return '–';
  const value = share * 100;
  if (value === 100 || value === 0) return `${String(value)}%`;
  return `${Math.min(99.9, Math.max(0.1, value)).toFixed(1)}%`;
}

/** A share on an axis: 2.5%, 10%. */
export function axisPercent(share: number): string {
  return percent(share).replace('.0%', '%');
}

/** Milliseconds as one or two units: 840 ms, 2.4 s, 3 min 20 s, 2 h 5 min, 3 d 4 h. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return '–';
  if (ms < 1000) return `${String(Math.round(Math.max(0, ms)))} ms`;
  const s = ms / 1000;
  if (s < 59.95) return `${s.toFixed(1)} s`;
  return pair(Math.round(s));
}

/** Milliseconds without a fraction of a second, for what ticks and for axes: 0 s, 7 s, 3 min 20 s. */
export function wholeDuration(ms: number): string {
  return ms > 0 && ms < 1000 ? '<1 s' : pair(Math.floor(ms / 1000));
}

/** A duration on an axis, where a fraction says nothing: 250 ms, 2.5 s, 10 s. */
export function axisDuration(ms: number): string {
  return ms === 0 ? '0' : duration(ms).replace('.0 s', ' s');
}

/** Steps of an axis of durations, in ms: round ones in the unit that they are written in. */
export const durationSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, ...[1, 2, 5, 10, 15, 30].map((s) => s * 1000), ...[1, 2, 5, 10, 15, 30].map((min) => min * 60_000), ...[1, 2, 6, 12].map((h) => h * 3_600_000), ...[1, 2, 5, 10, 20, 50, 100].map((d) => d * 86_400_000)];

function pair(s: number): string {
  const units: [string, number][] = [['d', 86_400], ['h', 3600], ['min', 60], ['s', 1]];
  const first = units.findIndex(([, size]) => s >= size);
  const [name, size] = units[first] ?? ['s', 1];
  const next = units[first + 1];
  const rest = next ? Math.floor((s % size) / next[1]) : 0;
  const head = `${String(Math.floor(s / size))} ${name}`;
  return next && rest > 0 ? `${head} ${String(rest)} ${next[0]}` : head;
}

/** “12 s ago”, “in 3 min”, “just now”. */
export function relative(iso: string, now: number): string {
  const ms = now - Date.parse(iso);
  if (Math.abs(ms) < 1500) return 'just now';
  const text = ms === 0 ? '' : coarse(Math.abs(ms));
  return ms > 0 ? `${text} ago` : `in ${text}`;
}

function coarse(ms: number): string {
  const s = Math.round(ms / 1000);
  if (s < 60) return `${String(s)} s`;
  if (s < 3600) return `${String(Math.floor(s / 60))} min`;
  if (s < 86_400) return `${String(Math.floor(s / 3600))} h`;
  return `${String(Math.floor(s / 86_400))} d`;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const full = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short',
});

export function time(at: string | number): string {
  return clock.format(new Date(at));
}

export function dateTime(at: string | number): string {
  return full.format(new Date(at));
}

const short = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** Day and minute, where there is little room: 25 Nov, 13:20. */
export function shortTime(at: string | number): string {
  return short.format(new Date(at));
}

/** The clock of a log line, with milliseconds. */
export function timeMs(iso: string): string {
  return `${time(iso)}.${iso.slice(20, 23)}`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
