import type { LogLine } from '@/types';

/** The server keeps the last lines of a job only. */
export const MOST = 500;
/** Lines of an attempt are numbered from `attempt * ATTEMPT_NUMBERS + 1` on. */
const ATTEMPT_NUMBERS = 1_000_000_000;

/** Both lists as one, ordered, each line once, the last 500. */
export function mergeLines(old: LogLine[], more: LogLine[]): LogLine[] {
  const bySeq = new Map([...old, ...more].map((line) => [line.seq, line]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq).slice(-MOST);
}

/** Whether nothing came before the first line that is kept. */
export function areAllLines(lines: LogLine[]): boolean {
  const first = lines[0];
  return first === undefined || lines.length < MOST || (first.attempt === 1 && first.seq === ATTEMPT_NUMBERS + 1);
}
