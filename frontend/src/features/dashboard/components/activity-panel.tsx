import { useMemo } from 'react';

import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { StaleBadge } from '@/components/stale-badge';
import { TimeChart } from '@/components/time-chart';
import { useSeries } from '@/features/metrics/api/get-series';
import { latencySeries, outcomeSeries, timesOf } from '@/features/metrics/chart-series';
import { MeasuredScope } from '@/features/metrics/components/measured-scope';
import { axisDuration, count, duration, durationSteps } from '@/lib/format';
import type { Bucket } from '@/types';

import { CHART_HEIGHT, ChartsSkeleton } from './activity-skeleton';

function Charts({ buckets }: { buckets: Bucket[] }) {
  const times = useMemo(() => timesOf(buckets), [buckets]);
  const outcomes = useMemo(() => outcomeSeries(buckets), [buckets]);
  const latency = useMemo(() => latencySeries(buckets), [buckets]);
  return (
    <div data-testid="charts" className="grid gap-3 pb-2 xl:grid-cols-2">
      <TimeChart label="Jobs completed and failed per minute in the last hour" times={times} series={outcomes} stacked height={CHART_HEIGHT} format={count} />
      <TimeChart label="95th percentile of wait and run time per minute in the last hour" times={times} series={latency} height={CHART_HEIGHT} format={duration} axis={axisDuration} steps={durationSteps} />
    </div>
  );
}

/** Throughput and latency by the minute; follows the events. */
export default function ActivityPanel({ title }: { title: string }) {
  const series = useSeries({ window: 'hour' });
  return (
    <Section title={title} aside={<><StaleBadge query={series} /><MeasuredScope /></>}>
      <QueryView query={series} skeleton={<ChartsSkeleton />}>
        {(data) => <Charts buckets={data.buckets} />}
      </QueryView>
    </Section>
  );
}
