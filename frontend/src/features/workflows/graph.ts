/** The graph of a workflow: who needs whom, and the way along its edges. Pure. */
import { isTerminal } from '@/lib/status';
import type { WorkflowNode } from '@/types';

import type { GraphLayout, Placed } from './graph-layout';

export type Needs = Pick<WorkflowNode, 'id' | 'needs'>;

/** The nodes that need each node directly. */
export function followersOf(nodes: Needs[]): Map<string, string[]> {
  const followers = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { id, needs } of nodes) for (const need of needs) followers.get(need)?.push(id);
  return followers;
}

/** `first` and all nodes behind them. */
export function andBehind(nodes: Needs[], first: Iterable<string>): Set<string> {
  const followers = followersOf(nodes);
  const found = new Set(first);
  for (const id of found) for (const next of followers.get(id) ?? []) found.add(next);
  return found;
}

/** What a retry runs again: with `node`, that one and all behind it, else all that did not complete, and all behind them. */
export function retriedBy(nodes: WorkflowNode[], node: string | null): Set<string> {
  return andBehind(nodes, node === null ? nodes.filter(({ status }) => status !== 'completed').map(({ id }) => id) : [node]);
}

export const endedNodes = (nodes: WorkflowNode[]): number => nodes.filter(({ status }) => status !== null && isTerminal(status)).length;

export type Step = 'forward' | 'back' | 'before' | 'after' | 'first' | 'last';

/** What a key means in a graph that is drawn from left to right, or from top to bottom. */
export function stepOf(key: string, down: boolean): Step | null {
  const across: Record<string, Step> = { ArrowRight: 'forward', ArrowLeft: 'back', ArrowUp: 'before', ArrowDown: 'after', Home: 'first', End: 'last' };
  const along: Record<string, Step> = { ...across, ArrowDown: 'forward', ArrowUp: 'back', ArrowLeft: 'before', ArrowRight: 'after' };
  return (down ? along : across)[key] ?? null;
}

/** The nearest of some nodes, seen across the direction of the graph. */
function nearest(from: Placed, ids: string[], layout: GraphLayout): string | null {
  const away = (id: string): number => {
    const at = layout.at.get(id);
    return at ? Math.abs(layout.down ? at.x - from.x : at.y - from.y) : Infinity;
  };
  return ids.reduce<string | null>((best, id) => (best === null || away(id) < away(best) ? id : best), null);
}

/** The node beside another one in its layer. */
function beside(id: string, layout: GraphLayout, by: 1 | -1): string | null {
  const from = layout.at.get(id);
  const layer = layout.order.filter((other) => layout.at.get(other)?.layer === from?.layer);
  return layer[layer.indexOf(id) + by] ?? null;
}

type Walk = (id: string, from: Placed, layout: GraphLayout, nodes: Needs[]) => string | null;

const walks: Record<Step, Walk> = {
  forward: (id, from, layout, nodes) => nearest(from, followersOf(nodes).get(id) ?? [], layout),
  back: (id, from, layout, nodes) => nearest(from, nodes.find((node) => node.id === id)?.needs ?? [], layout),
  before: (id, _from, layout) => beside(id, layout, -1),
  after: (id, _from, layout) => beside(id, layout, 1),
  first: (_id, _from, layout) => layout.order[0] ?? null,
  last: (_id, _from, layout) => layout.order.at(-1) ?? null,
};

/** The node to which a step leads; null where there is none. */
export function walk(id: string, step: Step, layout: GraphLayout, nodes: Needs[]): string | null {
  const from = layout.at.get(id);
  return from ? walks[step](id, from, layout, nodes) : null;
}
