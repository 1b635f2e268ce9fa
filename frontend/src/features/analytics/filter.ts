/** The range and grouping of the analytics page, as in the URL. Pure. */
import type { Dimension } from '@/types';

export const ranges = [
  { value: '1h', label: 'Hour', ms: 3_600_000 },
  { value: '24h', label: 'Day', ms: 86_400_000 },
  { value: '7d', label: 'Week', ms: 7 * 86_400_000 },
  { value: '30d', label: '30 days', ms: 30 * 86_400_000 },
  { value: '90d', label: '90 days', ms: 90 * 86_400_000 },
] as const;
export type RangeName = (typeof ranges)[number]['value'];

export interface AnalyticsFilter {
  /** Until now; a chosen period in `from` and `to` wins. */
  range: RangeName;
  from: string;
  to: string;
  by: Dimension;
  task: string;
  queue: string;
}

export const dimensions = ['task', 'queue', 'worker', 'tenant'] as const satisfies readonly Dimension[];

const time = (text: string | null): string => (text === null || Number.isNaN(Date.parse(text)) ? '' : text);

export function parseAnalytics(params: URLSearchParams): AnalyticsFilter {
  return {
    range: ranges.find(({ value }) => value === params.get('range'))?.value ?? '24h',
    from: time(params.get('from')),
    to: time(params.get('to')),
    by: dimensions.find((name) => name === params.get('by')) ?? 'task',
    task: params.get('task') ?? '',
    queue: params.get('queue') ?? '',
  };
}

export function analyticsParams({ range, by, ...texts }: AnalyticsFilter): Record<string, string> {
  const given = { ...texts, range: range === '24h' || texts.from ? '' : range, by: by === 'task' ? '' : by };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
}

/** The bounds that the API is asked for. */
export function boundsOf({ range, from, to }: Pick<AnalyticsFilter, 'range' | 'from' | 'to'>, now: number): { from: string; to: string } {
  const end = to ? Date.parse(to) : now;
  const length = ranges.find(({ value }) => value === range)?.ms ?? 86_400_000;
  return { from: from || new Date(end - length).toISOString(), to: new Date(end).toISOString() };
}

/** How a number changed: `+20%`, `−5%`, `new`; empty where both are 0. */
export function change(now: number | null, before: number | null): string {
  if (!now && !before) return '';
  if (!before) return 'new';
  const share = Math.round((((now ?? 0) - before) / before) * 100);
  if (share === 0) return '±0%';
  return share > 0 ? `+${String(share)}%` : `−${String(-share)}%`;
}
