import { Workflow } from 'lucide-react';

import { EmptyState } from '@/components/states';
import { Button } from '@/components/button';
import { useMedia } from '@/lib/use-media';
import type { WorkflowNode } from '@/types';

import { useLayout } from '../use-layout';
import { GraphView } from './graph-view';

interface GraphPanelProps {
  nodes: WorkflowNode[];
  selected: string;
  onSelect: (id: string, byKeys: boolean) => void;
  onList: () => void;
}

/** The graph once it is laid out: from left to right, on a phone from top to bottom. */
export function GraphPanel({ nodes, selected, onSelect, onList }: GraphPanelProps) {
  const down = useMedia('(width < 48rem)');
  const layout = useLayout(nodes, down);
  if (layout.data) return <GraphView key={String(down)} nodes={nodes} layout={layout.data} selected={selected} onSelect={onSelect} />;
  if (layout.error) {
    return <EmptyState icon={Workflow} title="The graph could not be drawn" action={<span className="flex gap-2"><Button onClick={() => { void layout.refetch(); }}>Try again</Button><Button onClick={onList}>Show the list</Button></span>}>{layout.error.message}</EmptyState>;
  }
  return <p role="status" className="grid h-72 place-items-center text-ink-3">Drawing {nodes.length} nodes…</p>;
}
