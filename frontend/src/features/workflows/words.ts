/** What workflows say in words. Pure. */
import { progressText } from '@/features/batches/progress';
import { statusLabel } from '@/lib/status';
import type { WorkflowNode } from '@/types';

type Shown = Pick<WorkflowNode, 'status' | 'map' | 'items'>;

/** The state of a node; that of a job that is not recorded yet, or was deleted, is not known. */
export const stateText = ({ status }: Pick<WorkflowNode, 'status'>): string => (status === null ? 'No job' : statusLabel[status]);

/** The items of a map: “3 of 10 done, 2 failed”; before they are known, what it is. */
export function itemsText({ map, items, status }: Shown): string {
  if (!map) return '';
  if (items) return progressText(items);
  return status === 'completed' ? 'No items' : 'For each item';
}

/** A node in a line, for its name to screen readers. */
export function describeNode(node: Shown & Pick<WorkflowNode, 'name'>): string {
  return [node.name, stateText(node), itemsText(node)].filter(Boolean).join(', ');
}
