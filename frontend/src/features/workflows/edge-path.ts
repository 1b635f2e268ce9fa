/** The lines of edges as paths of SVG. Pure. */
import type { Line } from './graph-layout';

const ARROW = 6;
const n = (value: number): string => String(Math.round(value * 10) / 10);

/** A smooth line through the points of an edge. */
export function linePath({ points }: Line): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? last;
    const middle = index + 1 === rest.length - 1 ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${n(point.x)} ${n(point.y)} ${n(middle.x)} ${n(middle.y)}`;
  });
  return `M${n(first.x)} ${n(first.y)}${bends.join('')}${bends.length === 0 ? `L${n(last.x)} ${n(last.y)}` : ''}`;
}

/** The head of an arrow at the end of an edge. */
export function arrowPath({ points }: Line, down: boolean): string {
  const tip = points.at(-1);
  if (!tip) return '';
  const { x, y } = tip;
  return down ? `M${n(x)} ${n(y)}l${n(-ARROW / 1.5)} ${n(-ARROW)}h${n(ARROW / 0.75)}z` : `M${n(x)} ${n(y)}l${n(-ARROW)} ${n(-ARROW / 1.5)}v${n(ARROW / 0.75)}z`;
}
