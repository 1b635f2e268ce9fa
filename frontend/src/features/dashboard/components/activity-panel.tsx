import { useMemo } from 'react';

import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { StaleBadge } from '@/components/stale-badge';
import { TimeChart } from '@/components/time-chart';
import { useSeries } from '@/features/metrics/api/get-series';
import { latencySeries, outcomeSeries, timesOf } from '@/features/metrics/chart-series';
import { axisDuration, count, duration } from '@/lib/format';
import type { Bucket } from '@/types';

const HEIGHT = 176;

function Charts({ buckets }: { buckets: Bucket[] }) {
  const times = useMemo(() => timesOf(buckets), [buckets]);
  const outcomes = useMemo(() => outcomeSeries(buckets), [buckets]);
  const latency = useMemo(() => latencySeries(buckets), [buckets]);
  return (
    <div className="grid gap-3 pb-2 xl:grid-cols-2">
      <TimeChart label="Jobs completed and failed per minute in the last hour" times={times} series={outcomes} stacked height={HEIGHT} format={count} />
      <TimeChart label="95th percentile of wait and run time per minute in the last hour" times={times} series={latency} height={HEIGHT} format={duration} axis={axisDuration} />
    </div>
  );
}

/** Throughput and latency by the minute; follows the events. */
export default function ActivityPanel() {
  const series = useSeries({ window: 'hour' });
  return (
    <Section title="Last hour" aside={<StaleBadge query={series} />} className="lg:col-span-3">
      <QueryView query={series} skeleton={<div className="skeleton m-4" style={{ height: HEIGHT }} />}>
        {(data) => <Charts buckets={data.buckets} />}
      </QueryView>
    </Section>
  );
}
