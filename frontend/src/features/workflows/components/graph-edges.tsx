import { memo, useMemo } from 'react';

import { arrowPath, linePath } from '../edge-path';
import type { GraphLayout, Line } from '../graph-layout';

interface GraphEdgesProps {
  layout: GraphLayout;
  /** Nodes that do not need the success of all their needs: the edges to them are dashed. */
  conditional: ReadonlySet<string>;
  selected: string;
}

const together = (lines: Line[], path: (line: Line) => string): string => lines.map(path).join('');

/** All edges of one look are one path, so thousands of them cost little. */
function Lines({ lines, layout, className, dashed = false }: { lines: Line[]; layout: GraphLayout; className: string; dashed?: boolean }) {
  const paths = useMemo(() => ({ line: together(lines, linePath), head: together(lines, (line) => arrowPath(line, layout.down)) }), [lines, layout]);
  if (lines.length === 0) return null;
  return (
    <g className={className}>
      <path d={paths.line} fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray={dashed ? '5 4' : undefined} />
      <path d={paths.head} fill="currentColor" />
    </g>
  );
}

export const GraphEdges = memo(function GraphEdges({ layout, conditional, selected }: GraphEdgesProps) {
  const { width, height, lines } = layout;
  const plain = useMemo(() => lines.filter(({ to }) => !conditional.has(to)), [lines, conditional]);
  const dashed = useMemo(() => lines.filter(({ to }) => conditional.has(to)), [lines, conditional]);
  const near = useMemo(() => lines.filter(({ from, to }) => from === selected || to === selected), [lines, selected]);
  return (
    <svg aria-hidden width={width} height={height} className="pointer-events-none absolute inset-0">
      <Lines lines={plain} layout={layout} className="text-line-strong" />
      <Lines lines={dashed} layout={layout} dashed className="text-line-strong" />
      <Lines lines={near} layout={layout} className="text-accent" />
    </svg>
  );
});
