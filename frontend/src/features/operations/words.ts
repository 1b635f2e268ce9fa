/** What came of operations, in words. Pure. */
import { plural } from '@/lib/format';
import type { Operation } from '@/types';

export function bytes(size: number): string {
  if (size < 1000) return plural(size, 'byte');
  if (size < 999_500) return `${String(Math.round(size / 1000))} kB`;
  return `${(size / 1_000_000).toFixed(1)} MB`;
}

const numberIn = (outcome: Operation['outcome'], name: string): number => (typeof outcome?.[name] === 'number' ? outcome[name] : 0);

const changedAs: Partial<Record<Operation['kind'], string>> = { cancel: 'cancelled', retry: 'retried', redrive: 'queued again', delete: 'deleted', replay: 'replayed' };

export function outcomeText({ kind, status, outcome, error }: Operation): string {
  if (status === 'dlq') return error?.message ?? 'It failed';
  if (status === 'cancelled') return 'Cancelled';
  if (outcome === null) return '';
  const more = outcome['truncated'] === true ? '; there are more' : '';
  const changed = changedAs[kind];
  if (changed) {
    const failed = numberIn(outcome, 'failed');
    return `${plural(numberIn(outcome, 'changed'), 'job')} ${changed}${failed ? `; ${String(failed)} could not be changed` : ''}${more}`;
  }
  return `${plural(numberIn(outcome, 'jobs'), 'job')}, ${bytes(numberIn(outcome, 'bytes'))}${more}`;
}
