import type { ChartSeries } from './chart-options';

interface ChartLegendProps {
  series: ChartSeries[];
  /** Index of the point under the pointer; null shows only names. */
  index: number | null;
  moment: string;
  format: (value: number) => string;
}

export function ChartLegend({ series, index, moment, format }: ChartLegendProps) {
  return (
    <figcaption className="num flex min-h-6 flex-wrap items-center gap-x-4 gap-y-0.5 px-4 text-xs text-ink-2">
      {series.map(({ label, colour, values, dash }) => {
        const value = index === null ? undefined : values[index];
        return (
          <span key={label} className="inline-flex items-center gap-1.5 whitespace-nowrap">
            <svg aria-hidden width="12" height="8"><line x1="0" y1="4" x2="12" y2="4" strokeWidth="3" strokeDasharray={dash ? '3 2' : undefined} style={{ stroke: `var(--${colour})` }} /></svg>
            {label}
            {index === null ? null : <b className="font-semibold text-ink">{value === null || value === undefined ? '–' : format(value)}</b>}
          </span>
        );
      })}
      <span className="ml-auto text-ink-3">{moment}</span>
    </figcaption>
  );
}
