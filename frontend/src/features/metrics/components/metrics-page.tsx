import { useSearchParams } from 'react-router';

import { Page } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { Segmented } from '@/components/segmented';
import { StaleBadge } from '@/components/stale-badge';
import { useTasks } from '@/features/jobs/api/list-tasks';
import { useQueues } from '@/features/queues/api/list-queues';
import { currentParams } from '@/lib/current-params';

import { useSeries, type SeriesFilter, type Window } from '../api/get-series';
import { MeasuredScope } from './measured-scope';
import { MetricCharts, MetricChartsSkeleton } from './metric-charts';
import { TotalsTable } from './totals-table';

const windows = [{ value: 'hour', label: 'Hour' }, { value: 'day', label: 'Day' }, { value: 'week', label: 'Week' }] as const;

function parse(params: URLSearchParams): SeriesFilter {
  const window = windows.find(({ value }) => value === params.get('window'))?.value ?? 'hour';
  const task = params.get('task');
  const queue = params.get('queue');
  return { window, ...(task ? { task } : {}), ...(queue ? { queue } : {}) };
}

function Pick({ label, value, names, onChange }: { label: string; value: string | undefined; names: string[]; onChange: (name: string) => void }) {
  return (
    <select aria-label={label} value={value ?? ''} onChange={(event) => { onChange(event.target.value); }} className="field w-auto max-w-44">
      <option value="">{label}</option>
      {[...new Set(value ? [value, ...names] : names)].map((name) => <option key={name}>{name}</option>)}
    </select>
  );
}

export function Component() {
  const [params, setParams] = useSearchParams();
  const filter = parse(params);
  const series = useSeries(filter);
  const tasks = useTasks().data?.map(({ name }) => name) ?? [];
  const queues = useQueues().data?.map(({ name }) => name) ?? [];
  const set = (name: string, value: string): void => {
    const next = currentParams();
    if (value) next.set(name, value);
    else next.delete(name);
    setParams(next, { replace: true });
  };
  return (
    <Page
      title="Metrics"
      aside={<><MeasuredScope /><StaleBadge query={series} /></>}
      actions={
        <>
          <Pick label="All tasks" value={filter.task} names={tasks} onChange={(name) => { set('task', name); }} />
          <Pick label="All queues" value={filter.queue} names={queues} onChange={(name) => { set('queue', name); }} />
          <Segmented<Window> label="Time" value={filter.window} options={windows} onChange={(value) => { set('window', value); }} />
        </>
      }
    >
      <QueryView query={series} skeleton={<MetricChartsSkeleton />}>
        {(data) => (
          <>
            <MetricCharts buckets={data.buckets} window={filter.window} />
            <TotalsTable title="By task" what="Task" rows={data.tasks} onPick={(name) => { set('task', name); }} />
            <TotalsTable title="By queue" what="Queue" rows={data.queues} onPick={(name) => { set('queue', name); }} />
          </>
        )}
      </QueryView>
    </Page>
  );
}
