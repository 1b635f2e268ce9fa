/** What a layout of a graph is. Without dagre, which only the worker needs. */

export const NODE_WIDTH = 208;
export const NODE_HEIGHT = 56;

export interface Placed {
  /** Upper left corner. */
  x: number;
  y: number;
  /** Number of the layer, from 0. */
  layer: number;
}

export interface Line {
  from: string;
  to: string;
  points: { x: number; y: number }[];
}

export interface GraphLayout {
  width: number;
  height: number;
  /** Drawn from top to bottom, as fits a phone; else from left to right. */
  down: boolean;
  at: Map<string, Placed>;
  lines: Line[];
  /** The ids layer by layer. */
  order: string[];
}
