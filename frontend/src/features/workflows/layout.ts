/** Where the nodes of a graph stand: layers by dagre, and the lines of the edges. Pure; takes up to seconds for large graphs. */
import { Graph, layout as place } from '@dagrejs/dagre';

import type { Needs } from './graph';
import { NODE_HEIGHT, NODE_WIDTH, type GraphLayout, type Line } from './graph-layout';

const MARGIN = 24;
/** Above this many edges dagre's exact ranking takes many seconds; the simpler one draws longer edges. */
const MANY_EDGES = 400;

interface At {
  x: number;
  y: number;
}

/** Numbers the layers, which dagre gives as one coordinate for all their nodes. */
function inLayers(centres: Map<string, At>, down: boolean): Pick<GraphLayout, 'at' | 'order'> {
  const along = ({ x, y }: At): number => Math.round(down ? y : x);
  const across = ({ x, y }: At): number => (down ? x : y);
  const layers = [...new Set([...centres.values()].map(along))].sort((a, b) => a - b);
  const number = new Map(layers.map((at, layer) => [at, layer]));
  const sorted = [...centres].sort(([, a], [, b]) => along(a) - along(b) || across(a) - across(b));
  const at = new Map(sorted.map(([id, centre]) => [id, { x: centre.x - NODE_WIDTH / 2, y: centre.y - NODE_HEIGHT / 2, layer: number.get(along(centre)) ?? 0 }]));
  return { at, order: sorted.map(([id]) => id) };
}

export function layOut(nodes: Needs[], down: boolean): GraphLayout {
  const graph = new Graph();
  // dagre keeps nodes in plain objects, where an id such as “constructor” would be known already.
  const name = new Map(nodes.map(({ id }, index) => [id, String(index)]));
  const edges = nodes.flatMap(({ id, needs }) => needs.map((need) => ({ from: need, to: id })));
  graph.setGraph({ rankdir: down ? 'TB' : 'LR', nodesep: 20, ranksep: 56, marginx: MARGIN, marginy: MARGIN, ranker: edges.length > MANY_EDGES ? 'longest-path' : 'network-simplex' });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const index of name.values()) graph.setNode(index, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { from, to } of edges) graph.setEdge(name.get(from) ?? '', name.get(to) ?? '');
  place(graph);
  const centres = new Map(nodes.map(({ id }, index) => [id, graph.node(String(index)) as At]));
  const lines = edges.map(({ from, to }): Line => ({ from, to, points: (graph.edge(name.get(from) ?? '', name.get(to) ?? '') as { points: At[] }).points.map(({ x, y }) => ({ x, y })) }));
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { width, height, down, lines, ...inLayers(centres, down) };
}
