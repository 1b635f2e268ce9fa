import { Layers } from 'lucide-react';
import { memo } from 'react';

import { StatusIcon } from '@/components/status-pill';
import { cx } from '@/lib/cx';
import type { WorkflowNode } from '@/types';

import type { Placed } from '../graph-layout';
import { describeNode, itemsText, stateText } from '../words';

interface GraphNodeProps {
  node: WorkflowNode;
  at: Placed;
  selected: boolean;
}

/**
 * A node as a button in the graph, which handles its presses. Equal nodes are not drawn again: a graph may have 1,000.
 * Its name has the words that are seen, in their order.
 */
export const GraphNode = memo(function GraphNode({ node, at, selected }: GraphNodeProps) {
  const items = itemsText(node);
  return (
    <button
      type="button"
      data-node={node.id}
      data-status={node.status ?? undefined}
      aria-label={describeNode(node)}
      aria-pressed={selected}
      title={node.name}
      style={{ left: at.x, top: at.y }}
      className={cx(
        'absolute flex h-14 w-52 scroll-m-10 flex-col justify-center gap-0.5 overflow-hidden rounded-lg border bg-surface py-1 pr-2.5 pl-4 text-left shadow-card transition-colors hover:bg-hover',
        'before:absolute before:inset-y-0 before:left-0 before:w-1.5 before:bg-(--s)',
        selected ? 'border-accent ring-2 ring-accent' : 'border-line-strong',
      )}
    >
      <span className="flex w-full min-w-0 items-center gap-1.5 leading-4 font-medium"><span className="truncate">{node.name}</span>{node.map ? <Layers aria-hidden className="ml-auto size-3.5 shrink-0 text-ink-3" /> : null}</span>{' '}
      <span className="num flex w-full min-w-0 items-center gap-1.5 text-xs leading-4 text-(--s)">
        {node.status === null ? null : <StatusIcon status={node.status} />}
        <span className="truncate">{stateText(node)}{items ? <>{' '}<span className="text-ink-2 before:content-['·_']">{items}</span></> : null}</span>
      </span>
    </button>
  );
});
