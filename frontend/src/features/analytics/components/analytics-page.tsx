import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { Page, Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { Segmented } from '@/components/segmented';
import { StaleBadge } from '@/components/stale-badge';
import { TimeChart } from '@/components/time-chart';
import { PeriodPick } from '@/features/jobs/components/period-pick';
import { FilterChip } from '@/components/filter-chip';
import { outcomeSeries, percentileSeries, timesOf } from '@/features/metrics/chart-series';
import { MeasuredScope } from '@/features/metrics/components/measured-scope';
import { MetricChartsSkeleton } from '@/features/metrics/components/metric-charts';
import { useCaller } from '@/features/session/use-caller';
import { currentParams } from '@/lib/current-params';
import { axisDuration, count, dateTime, duration, durationSteps } from '@/lib/format';
import type { Analytics, Dimension } from '@/types';

import { useAnalytics, useForecast } from '../api/get-analytics';
import { analyticsParams, dimensions, parseAnalytics, ranges, type AnalyticsFilter, type RangeName } from '../filter';
import { ComparisonTable } from './comparison-table';
import { Figures } from './figures';
import { MostRetried, SlowestTasks, TopErrors, Workers } from './worst';

const HEIGHT = 200;
const names: Record<Dimension, string> = { task: 'Task', queue: 'Queue', worker: 'Worker', tenant: 'Workspace' };

function Charts({ buckets, deployments }: Pick<Analytics, 'buckets' | 'deployments'>) {
  const times = useMemo(() => timesOf(buckets), [buckets]);
  const outcomes = useMemo(() => outcomeSeries(buckets), [buckets]);
  const run = useMemo(() => percentileSeries(buckets, 'run'), [buckets]);
  const marks = useMemo(() => deployments.map(({ at, version }) => ({ at: Date.parse(at) / 1000, label: version })), [deployments]);
  return (
    <div data-testid="charts" className="grid gap-4 lg:grid-cols-2">
      <Section title="Throughput" className="pb-2"><TimeChart label="Jobs completed and attempts failed over time" series={outcomes} format={count} stacked times={times} marks={marks} moment={dateTime} height={HEIGHT} /></Section>
      <Section title="Run time" className="pb-2"><TimeChart label="Percentiles of the time from start to end" series={run} format={duration} axis={axisDuration} steps={durationSteps} times={times} marks={marks} moment={dateTime} height={HEIGHT} /></Section>
    </div>
  );
}

function Deployments({ deployments }: Pick<Analytics, 'deployments'>) {
  if (deployments.length === 0) return null;
  return (
    <Section title="Deployments" aside={<span className="text-xs text-ink-3">dashed lines in the charts</span>}>
      <ul className="mt-2 pb-2">{deployments.map(({ version, at }) => <li key={at} className="flex gap-3 px-4 py-1.5"><span className="font-mono text-xs">{version}</span><time dateTime={at} className="num text-ink-2">{dateTime(at)}</time></li>)}</ul>
    </Section>
  );
}

function Groups({ data, by, onPick }: { data: Analytics; by: Dimension; onPick: (part: Partial<AnalyticsFilter>) => void }) {
  if (by === 'worker') return <Workers workers={data.workers} />;
  const pick = by === 'tenant' ? undefined : (name: string): void => { onPick({ [by]: name }); };
  return <ComparisonTable title={`By ${names[by].toLowerCase()}`} what={names[by]} rows={data.groups} nameOf={(name) => data.tenants[name] ?? name} onPick={pick} />;
}

export function Component() {
  const [params, setParams] = useSearchParams();
  const filter = parseAnalytics(params);
  const report = useAnalytics(filter);
  const forecast = useForecast();
  const operator = useCaller().role === 'operator';
  const change = (part: Partial<AnalyticsFilter>): void => { setParams(analyticsParams({ ...parseAnalytics(currentParams()), ...part }), { replace: true, preventScrollReset: true }); };
  return (
    <Page
      title="Analytics"
      aside={<><MeasuredScope /><StaleBadge query={report} /></>}
      actions={<Segmented<RangeName | 'chosen'> label="Time" value={filter.from ? 'chosen' : filter.range} options={ranges} onChange={(range) => { if (range !== 'chosen') change({ range, from: '', to: '' }); }} />}
    >
      <div role="search" aria-label="Analytics" className="flex flex-wrap items-center gap-2">
        <PeriodPick label="Until now" from={filter.from} to={filter.to} onChange={change} />
        <Segmented<Dimension> label="Group by" value={filter.by} options={dimensions.filter((name) => operator || name !== 'tenant').map((value) => ({ value, label: names[value] }))} onChange={(by) => { change({ by }); }} />
        {filter.task ? <FilterChip name="Task" value={filter.task} onRemove={() => { change({ task: '' }); }} /> : null}
        {filter.queue ? <FilterChip name="Queue" value={filter.queue} onRemove={() => { change({ queue: '' }); }} /> : null}
      </div>
      <QueryView query={report} skeleton={<MetricChartsSkeleton />}>
        {(data) => (
          <>
            <Figures now={data.total} previous={data.previous} forecast={forecast.data} />
            <Charts buckets={data.buckets} deployments={data.deployments} />
            <Groups data={data} by={filter.by} onPick={change} />
            <div className="grid items-start gap-4 lg:grid-cols-3">
              <TopErrors errors={data.errors} />
              <SlowestTasks rows={data.slowest} />
              <MostRetried rows={data.mostRetried} />
            </div>
            <Deployments deployments={data.deployments} />
          </>
        )}
      </QueryView>
    </Page>
  );
}
