import type { LogLine } from '@/types';

const MOST = 500;

/** Both lists as one, ordered, each line once, the last 500. */
export function mergeLines(old: LogLine[], more: LogLine[]): LogLine[] {
  const bySeq = new Map([...old, ...more].map((line) => [line.seq, line]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq).slice(-MOST);
}
