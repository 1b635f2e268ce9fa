import { StatusPill } from '@/components/status-pill';
import { conditionName } from '@/lib/run-if';
import type { WorkflowNode } from '@/types';

import { itemsText, stateText } from '../words';

interface NodeListProps {
  nodes: WorkflowNode[];
  selected: string;
  onSelect: (id: string, byKeys: boolean) => void;
}

const head = 'sticky top-0 z-1 bg-surface px-3 py-2 text-left font-medium';

/** What a node needs: “fetch, load”, with the condition where it is not that all have completed. */
function needsText({ needs, runIf }: WorkflowNode): string {
  if (needs.length === 0) return '–';
  return `${needs.join(', ')}${runIf === 'all_ok' ? '' : ` (${conditionName[runIf].toLowerCase()})`}`;
}

/** The same facts as in the graph, as a table. */
export function NodeList({ nodes, selected, onSelect }: NodeListProps) {
  return (
    <div className="max-h-[min(68dvh,42rem)] overflow-auto">
      <table aria-label="Nodes" className="mt-1 w-full text-[0.8125rem]">
        <thead className="text-xs text-ink-3"><tr><th scope="col" className={`${head} pl-4`}>Node</th><th scope="col" className={head}>Status</th><th scope="col" className={head}>Items</th><th scope="col" className={head}>Needs</th><th scope="col" className={`${head} pr-4`}>Task</th></tr></thead>
        <tbody>
          {nodes.map((node) => (
            <tr key={node.id} data-testid="node-row" data-row={node.id} className="border-t border-line">
              <th scope="row" className="py-2 pr-3 pl-4 text-left font-medium">
                <button type="button" aria-pressed={node.id === selected} onClick={(event) => { onSelect(node.id, event.detail === 0); }} className="max-w-52 truncate text-accent hover:underline">{node.name}</button>
              </th>
              <td className="px-3 py-2">{node.status === null ? stateText(node) : <StatusPill status={node.status} />}</td>
              <td className="num px-3 py-2 whitespace-nowrap">{itemsText(node) || '–'}</td>
              <td className="max-w-64 truncate px-3 py-2" title={needsText(node)}>{needsText(node)}</td>
              <td className="py-2 pr-4 pl-3 font-mono text-xs">{node.task}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
