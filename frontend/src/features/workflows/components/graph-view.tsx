import { Maximize, Minus, Plus } from 'lucide-react';
import { useMemo, useRef } from 'react';

import { IconButton } from '@/components/button';
import type { WorkflowNode } from '@/types';

import { NODE_HEIGHT, NODE_WIDTH, type GraphLayout } from '../graph-layout';
import { useDrag } from '../use-drag';
import { useNodeEvents } from '../use-node-events';
import { useZoom } from '../use-zoom';
import { GraphEdges } from './graph-edges';
import { GraphNode } from './graph-node';

interface GraphViewProps {
  nodes: WorkflowNode[];
  layout: GraphLayout;
  selected: string;
  onSelect: (id: string, byKeys: boolean) => void;
}

/** Where the view begins: at the chosen node, else at what failed or runs, else at the first one. */
function startOf({ nodes, layout, selected }: GraphViewProps) {
  const having = (wanted: string): string | undefined => nodes.find(({ status }) => status === wanted)?.id;
  const first = layout.at.has(selected) ? selected : (having('dlq') ?? having('running') ?? layout.order[0] ?? '');
  const at = layout.at.get(first) ?? { x: 0, y: 0 };
  return { x: at.x + NODE_WIDTH / 2, y: at.y + NODE_HEIGHT / 2 };
}

function ZoomButtons({ zoom }: { zoom: ReturnType<typeof useZoom> }) {
  const look = 'border border-line bg-surface shadow-card';
  return (
    <div role="group" aria-label="Zoom" className="absolute right-3 bottom-3 flex items-center gap-1">
      <IconButton label="Zoom out" className={look} disabled={!zoom.mayZoomOut} onClick={zoom.zoomOut}><Minus /></IconButton>
      <output aria-label="Scale" className="num w-12 rounded-lg border border-line bg-surface text-center text-xs leading-7.5 text-ink-2">{Math.round(zoom.scale * 100)}%</output>
      <IconButton label="Zoom in" className={look} disabled={!zoom.mayZoomIn} onClick={zoom.zoomIn}><Plus /></IconButton>
      <IconButton label="Show the whole graph" className={look} onClick={zoom.fit}><Maximize /></IconButton>
    </div>
  );
}

/** The graph: buttons over lines, in a view that scrolls and zooms. Tab and arrows lead from node to node. */
export function GraphView(props: GraphViewProps) {
  const { nodes, layout, selected, onSelect } = props;
  const view = useRef<HTMLDivElement>(null);
  const zoom = useZoom(view, layout, startOf(props));
  useNodeEvents(view, { nodes, layout, onSelect, keys: { '+': zoom.zoomIn, '=': zoom.zoomIn, '-': zoom.zoomOut, 0: zoom.fit } });
  const byId = useMemo(() => new Map(nodes.map((node) => [node.id, node])), [nodes]);
  const names = nodes.filter(({ runIf }) => runIf !== 'all_ok').map(({ id }) => id).join(' ');
  const conditional = useMemo(() => new Set(names.split(' ').filter(Boolean)), [names]);
  const drag = useDrag();
  const { scale } = zoom;
  return (
    <div className="relative">
      <div ref={view} role="group" aria-label="Graph" {...drag} style={{ height: `clamp(18rem, ${String(layout.height)}px, min(68dvh, 42rem))` }} className="cursor-grab touch-pan-x touch-pan-y overflow-auto rounded-b-xl bg-sunken active:cursor-grabbing">
        {/* As large as the graph looks, and at least as the view, where a small one is in the middle. */}
        <div className="flex min-h-full min-w-full items-center justify-center" style={{ width: layout.width * scale, height: layout.height * scale }}>
          <div className="shrink-0" style={{ width: layout.width * scale, height: layout.height * scale }}>
            <div data-testid="graph" className="relative origin-top-left" style={{ width: layout.width, height: layout.height, transform: `scale(${String(scale)})` }}>
              <GraphEdges layout={layout} conditional={conditional} selected={selected} />
              {layout.order.map((id) => {
                const node = byId.get(id);
                const at = layout.at.get(id);
                return node && at ? <GraphNode key={id} node={node} at={at} selected={id === selected} /> : null;
              })}
            </div>
          </div>
        </div>
      </div>
      <ZoomButtons zoom={zoom} />
    </div>
  );
}
