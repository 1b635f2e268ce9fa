/** Buckets of the API as series of a chart. Pure. */
import type { ChartSeries } from '@/components/chart-options';
import type { Bucket } from '@/types';

export function timesOf(buckets: Bucket[]): number[] {
  return buckets.map(({ t }) => Date.parse(t) / 1000);
}

export function outcomeSeries(buckets: Bucket[]): ChartSeries[] {
  return [
    { label: 'Completed', colour: 'chart-good', kind: 'bars', values: buckets.map(({ completed }) => completed) },
    { label: 'Failed', colour: 'chart-bad', kind: 'bars', values: buckets.map(({ failed }) => failed) },
  ];
}

export function latencySeries(buckets: Bucket[]): ChartSeries[] {
  return [
    { label: 'Run p95', colour: 'running', kind: 'area', values: buckets.map(({ run }) => run.p95) },
    { label: 'Wait p95', colour: 'retrying', kind: 'line', dash: true, values: buckets.map(({ wait }) => wait.p95) },
  ];
}

export function percentileSeries(buckets: Bucket[], of: 'wait' | 'run'): ChartSeries[] {
  return [
    { label: 'p50', colour: 'scheduled', kind: 'line', values: buckets.map((bucket) => bucket[of].p50) },
    { label: 'p95', colour: 'running', kind: 'line', values: buckets.map((bucket) => bucket[of].p95) },
    { label: 'p99', colour: 'retrying', kind: 'line', dash: true, values: buckets.map((bucket) => bucket[of].p99) },
  ];
}

/** Failed attempts among those that ended, 0…1; a gap where none ended. */
export function failureSeries(buckets: Bucket[]): ChartSeries[] {
  const share = ({ completed, failed }: Bucket): number | null => (completed + failed > 0 ? failed / (completed + failed) : null);
  return [{ label: 'Failure rate', colour: 'dlq', kind: 'area', values: buckets.map(share) }];
}
