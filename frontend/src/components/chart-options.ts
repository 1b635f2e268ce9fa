/** Options of uPlot for our charts. Colours come from the theme's CSS variables. */
import uPlot from 'uplot';

import { loneValues } from './lone-values';

export interface ChartSeries {
  label: string;
  /** Name of a CSS variable, for example `completed`. */
  colour: string;
  kind: 'bars' | 'line' | 'area';
  values: (number | null)[];
  dash?: boolean;
}

/** A moment in epoch seconds. */
export interface ChartMark {
  at: number;
  label: string;
}

interface Look {
  series: ChartSeries[];
  width: number;
  height: number;
  format: (value: number) => string;
  /** Steps that values are divided into on the axis; powers of ten if absent. */
  steps?: number[] | undefined;
  /** The top of the axis when all values are smaller. */
  top: number;
  /** Moments to mark by a vertical line. */
  marks: () => readonly ChartMark[];
  onCursor: (index: number | null) => void;
}

function css(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A `#rrggbb` colour with an opacity 0…1. */
function faded(colour: string, opacity: number): string {
  return colour + Math.round(opacity * 255).toString(16).padStart(2, '0');
}

/** Stacked bars: each is drawn from zero to its sum with those before it, the highest first. */
export function stackedData(times: number[], series: ChartSeries[], stacked: boolean): uPlot.AlignedData {
  if (!stacked) return [times, ...series.map(({ values }) => values)];
  const sums = new Array<number>(times.length).fill(0);
  const layers = series.map(({ values }) => values.map((value, index) => (sums[index] = (sums[index] ?? 0) + (value ?? 0))));
  return [times, ...layers.reverse()];
}

function drawn(series: ChartSeries): uPlot.Series {
  const stroke = css(series.colour);
  if (series.kind === 'bars') {
    const paths = uPlot.paths.bars?.({ size: [0.72, 22], radius: 0.18 });
    return { label: series.label, fill: stroke, stroke, width: 0, points: { show: false }, ...(paths ? { paths } : {}) };
  }
  return {
    label: series.label,
    stroke,
    width: 1.75,
    spanGaps: false,
    ...(series.kind === 'area' ? { fill: faded(stroke, 0.12) } : {}),
    ...(series.dash ? { dash: [5, 4] } : {}),
    points: { size: 5, fill: stroke, show: true, filter: (plot, index) => loneValues(plot.data[index] ?? []) },
  };
}

const FONT_PX = 11;
const FACE = "'Geist Variable', system-ui, sans-serif";
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** As wide as the longest label, so that none is cut off. */
function widthOf(plot: uPlot, labels: string[] | null): number {
  plot.ctx.font = `${String(FONT_PX * devicePixelRatio)}px ${FACE}`;
  const widest = Math.max(0, ...(labels ?? []).map((label) => plot.ctx.measureText(label).width));
  return Math.max(40, Math.ceil(widest / devicePixelRatio) + 18);
}

function axes(format: (value: number) => string, steps?: number[]): uPlot.Axis[] {
  const common = { stroke: css('ink-3'), font: `${String(FONT_PX)}px ${FACE}`, ticks: { show: false } };
  const two = (n: number): string => String(n).padStart(2, '0');
  const stamp = (s: number): string => {
    const at = new Date(s * 1000);
    const midnight = at.getHours() === 0 && at.getMinutes() === 0;
    return midnight ? `${String(at.getDate())} ${MONTHS[at.getMonth()] ?? ''}` : `${two(at.getHours())}:${two(at.getMinutes())}`;
  };
  return [
    { ...common, size: 26, gap: 8, grid: { show: false }, space: 70, values: (_plot, splits) => splits.map(stamp) },
    { ...common, size: widthOf, space: 36, ...(steps ? { incrs: steps } : {}), grid: { stroke: css('line'), width: 1 }, values: (_plot, splits) => splits.map((v) => format(v)) },
  ];
}

/** Half a step of room on both sides, so that the first and the last bar are whole. */
function padded(plot: uPlot, min: number, max: number): uPlot.Range.MinMax {
  const times = plot.data[0];
  const half = times.length > 1 ? ((times[1] ?? 0) - (times[0] ?? 0)) / 2 : 30;
  return [min - half, max + half];
}

/** From zero to a little above the highest value; never flat, so that an empty chart keeps its axis. */
function fromZero(top: number) {
  return (_plot: uPlot, _min: number | null, max: number | null): uPlot.Range.MinMax => [0, Math.max(top, (max ?? 0) * 1.12)];
}

/** Draws a dashed line at each mark within the chart. */
function drawMarks(plot: uPlot, marks: readonly ChartMark[]): void {
  const { ctx, bbox, scales } = plot;
  ctx.save();
  ctx.strokeStyle = css('ink-3');
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at } of marks) {
    if (at < (scales['x']?.min ?? 0) || at > (scales['x']?.max ?? 0)) continue;
    const x = Math.round(plot.valToPos(at, 'x', true)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

export function chartOptions({ series, width, height, format, steps, top, marks, onCursor }: Look): uPlot.Options {
  const bars = series.some(({ kind }) => kind === 'bars');
  const layers = series.every(({ kind }) => kind === 'bars') ? [...series].reverse() : series;
  return {
    width,
    height,
    padding: [10, 14, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: !bars, size: 6 } },
    scales: { x: { time: true, range: padded }, y: { range: fromZero(top) } },
    axes: axes(format, steps),
    series: [{}, ...layers.map(drawn)],
    hooks: { draw: [(plot) => { drawMarks(plot, marks()); }], setCursor: [(plot) => { onCursor(plot.cursor.idx ?? null); }] },
  };
}
