import { useMemo } from 'react';

import { Section } from '@/components/page';
import { TimeChart } from '@/components/time-chart';
import { axisDuration, axisPercent, count, dateTime, duration, durationSteps, percent } from '@/lib/format';
import type { Bucket } from '@/types';

import type { Window } from '../api/get-series';
import { failureSeries, outcomeSeries, percentileSeries, timesOf } from '../chart-series';

const HEIGHT = 200;
const titles = ['Throughput', 'Failure rate', 'Wait time', 'Run time'];

/** The length of a bar in each window. */
const per: Record<Window, string> = { hour: 'minute', day: '15 minutes', week: '2 hours' };

export function MetricCharts({ buckets, window }: { buckets: Bucket[]; window: Window }) {
  const times = useMemo(() => timesOf(buckets), [buckets]);
  const series = useMemo(() => ({ outcomes: outcomeSeries(buckets), failure: failureSeries(buckets), wait: percentileSeries(buckets, 'wait'), run: percentileSeries(buckets, 'run') }), [buckets]);
  const charts = [
    { title: 'Throughput', note: `one bar per ${per[window]}`, label: 'Jobs completed and attempts failed over time', series: series.outcomes, format: count, stacked: true },
    { title: 'Failure rate', label: 'Share of attempts that failed over time', series: series.failure, format: percent, axis: axisPercent, top: 0.1 },
    { title: 'Wait time', label: 'Percentiles of the time from ready to start', series: series.wait, format: duration, axis: axisDuration, steps: durationSteps },
    { title: 'Run time', label: 'Percentiles of the time from start to end', series: series.run, format: duration, axis: axisDuration, steps: durationSteps },
  ];
  return (
    <div data-testid="charts" className="grid gap-4 lg:grid-cols-2">
      {charts.map(({ title, note, ...chart }) => (
        <Section key={title} title={title} aside={note ? <span className="text-xs text-ink-3">{note}</span> : null} className="pb-2"><TimeChart {...chart} times={times} moment={dateTime} height={HEIGHT} /></Section>
      ))}
    </div>
  );
}

/** As high as the charts will be, so that nothing below them moves. */
export function MetricChartsSkeleton() {
  return (
    <div data-testid="charts" className="grid gap-4 lg:grid-cols-2">
      {titles.map((title) => (
        <Section key={title} title={title} className="pb-2">
          <div className="min-h-6" />
          <div className="px-4 py-3" style={{ height: HEIGHT }}><div className="skeleton h-full" /></div>
        </Section>
      ))}
    </div>
  );
}
