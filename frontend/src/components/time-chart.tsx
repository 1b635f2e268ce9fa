import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';

import { useShownTheme } from '@/features/theme/theme';
import { time } from '@/lib/format';

import { chartOptions, stackedData, type ChartMark, type ChartSeries } from './chart-options';
import { ChartLegend } from './chart-legend';

interface TimeChartProps {
  /** Description for screen readers. */
  label: string;
  /** Epoch seconds. */
  times: number[];
  series: ChartSeries[];
  height?: number;
  stacked?: boolean;
  format: (value: number) => string;
  /** Formats values on the axis; `format` if absent. */
  axis?: (value: number) => string;
  /** Steps that values are divided into on the axis; powers of ten if absent. */
  steps?: number[];
  /** The top of the axis when all values are smaller; 1 if absent. */
  top?: number;
  /** Moments to mark by a dashed line. */
  marks?: readonly ChartMark[];
  /** Formats times in the legend; the time of day if absent. */
  moment?: (at: number) => string;
}

const NO_MARKS: readonly ChartMark[] = [];

/** Keeps a uPlot in `host`: rebuilt when its options change, updated with its data, resized with its parent. */
function usePlot(props: TimeChartProps, onCursor: (index: number | null) => void) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const theme = useShownTheme();
  const { series, height = 180, stacked = false, format, axis = format, steps, top = 1 } = props;
  const look = JSON.stringify(series.map(({ label, colour, kind, dash }) => [label, colour, kind, dash]));
  const data = useMemo(() => stackedData(props.times, series, stacked), [props.times, series, stacked]);
  const latest = useRef(data);
  const { marks = NO_MARKS } = props;
  const shownMarks = useRef(marks);
  useEffect(() => {
    shownMarks.current = marks;
    plot.current?.redraw();
  }, [marks]);
  useEffect(() => { latest.current = data; }, [data]);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = new uPlot(chartOptions({ series, width: element.clientWidth, height, format: axis, steps, top, marks: () => shownMarks.current, onCursor }), latest.current, element);
    plot.current = made;
    const observer = new ResizeObserver(() => { made.setSize({ width: element.clientWidth, height }); });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
    // `look` identifies the options of the series; their values are set below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [look, height, theme]);
  useEffect(() => { plot.current?.setData(data); }, [data]);
  return host;
}

/** Whether there is nothing to draw: no values, or only stacked bars of 0. */
function isBlank({ series, stacked = false }: TimeChartProps): boolean {
  return series.every(({ values }) => values.every((value) => value === null || (stacked && value === 0)));
}

export function TimeChart(props: TimeChartProps) {
  const [cursor, setCursor] = useState<number | null>(null);
  const host = usePlot(props, setCursor);
  const index = cursor !== null && cursor < props.times.length ? cursor : null;
  const at = index === null ? undefined : props.times[index];
  const moment = props.moment ?? ((ms: number) => time(ms));
  return (
    <figure className="relative min-w-0">
      <ChartLegend series={props.series} index={index} moment={at === undefined ? '' : moment(at * 1000)} format={props.format} />
      <div ref={host} role="img" aria-label={props.label} className="min-w-0 overflow-hidden" style={{ height: props.height ?? 180 }} />
      {isBlank(props) ? <p className="pointer-events-none absolute inset-0 flex items-center justify-center text-sm text-ink-3"><span className="bg-surface px-2">No jobs ran in this period</span></p> : null}
    </figure>
  );
}
