import { RotateCw, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';

import { Button, IconButton } from '@/components/button';
import { Fact } from '@/components/fact';
import { Section } from '@/components/page';
import { StatusPill } from '@/components/status-pill';
import { SharesBar } from '@/features/batches/components/shares-bar';
import { useJob } from '@/features/jobs/api/get-job';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { useScopedLink } from '@/features/session/use-scope';
import { plainText } from '@/lib/plain-text';
import { conditions } from '@/lib/run-if';
import { hasEnded } from '@/lib/status';
import type { WorkflowDetail, WorkflowNode } from '@/types';

import { followersOf } from '../graph';
import { itemsText, stateText } from '../words';

const link = 'text-accent hover:underline';

interface NodePanelProps {
  workflow: WorkflowDetail;
  node: WorkflowNode;
  /** Opened by the keyboard, it takes the focus; by a press, it is scrolled to: on a phone it is below the graph. */
  opened: 'keys' | 'press' | 'link';
  onSelect: (id: string, byKeys: boolean) => void;
  onRetry: (id: string) => void;
  onClose: () => void;
}

function Neighbours({ title, note, ids, workflow, onSelect }: Pick<NodePanelProps, 'workflow' | 'onSelect'> & { title: string; note?: string; ids: string[] }) {
  const byId = new Map(workflow.nodes.map((node) => [node.id, node]));
  const nodes = ids.map((id) => byId.get(id)).filter((node) => node !== undefined);
  if (nodes.length === 0) return null;
  return (
    <div className="border-t border-line px-4 py-2.5">
      <h3 className="text-xs font-medium text-ink-3">{title}</h3>
      {note ? <p className="mt-0.5 text-xs text-ink-3">{note}</p> : null}
      <ul aria-label={title} className="mt-1.5 flex max-h-44 flex-col gap-1 overflow-y-auto p-0.5 text-[0.8125rem]">
        {nodes.map((node) => (
          <li key={node.id} className="flex min-w-0 items-center justify-between gap-3">
            <button type="button" onClick={(event) => { onSelect(node.id, event.detail === 0); }} className={`min-w-0 truncate ${link}`}>{node.name}</button>
            {node.status === null ? <span className="text-ink-3">{stateText(node)}</span> : <StatusPill status={node.status} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The error of the node's job, from the job itself. */
function NodeError({ node }: { node: WorkflowNode }) {
  const error = useJob(node.jobId).data?.error;
  if (!error || node.status === 'completed') return null;
  return (
    <div data-status="dlq" data-testid="node-error" className="border-t border-line px-4 py-2.5 text-[0.8125rem]">
      <p className="font-mono text-xs font-semibold text-(--s)">{error.type}</p>
      <p className="mt-0.5 max-h-40 overflow-y-auto wrap-anywhere">{plainText(error.message)}</p>
    </div>
  );
}

function Items({ node }: { node: WorkflowNode }) {
  const to = useScopedLink();
  if (!node.map) return null;
  const jobs = (status: Record<string, string>): string => to('/', { batch: node.jobId, ...status });
  return (
    <div className="flex flex-col gap-2 border-t border-line px-4 py-2.5">
      <p data-testid="node-items" className="num text-[0.8125rem]">{itemsText(node)}</p>
      {node.items ? <SharesBar progress={node.items} label={`Items of ${node.name}`} /> : null}
      {node.items ? <p className="flex flex-wrap gap-x-4 text-[0.8125rem]"><Link to={jobs({})} className={link}>Jobs of its items</Link>{node.items.failed > 0 ? <Link to={jobs({ status: 'dlq' })} className={link}>Failed ones</Link> : null}</p> : null}
    </div>
  );
}

/** What one node is, waits for and did. */
export function NodePanel({ workflow, node, opened, onSelect, onRetry, onClose }: NodePanelProps) {
  const to = useScopedLink();
  const { role } = useCaller();
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (opened === 'keys') top.current?.focus();
    if (opened === 'press') top.current?.scrollIntoView({ block: 'nearest' });
  }, [opened, node.id]);
  const retries = mayChange(role) && hasEnded(workflow.status);
  return (
    <div ref={top} tabIndex={-1} data-testid="node-panel" className="scroll-mt-20 outline-none">
      <Section title={`Node ${node.name}`} aside={<IconButton label="Close" className="-mr-1.5" onClick={onClose}><X /></IconButton>}>
        <dl className="px-4 pt-1 pb-2.5 text-[0.8125rem]">
          <Fact name="Status">{node.status === null ? stateText(node) : <StatusPill status={node.status} />}</Fact>
          {node.name === node.id ? null : <Fact name="Id">{node.id}</Fact>}
          <Fact name="Task"><Link to={to('/', { task: node.task })} className={link}>{node.task}</Link></Fact>
          <Fact name="Job">{node.status === null ? <span className="font-mono text-xs">{node.jobId}</span> : <Link to={to(`/jobs/${node.jobId}`)} className={`font-mono text-xs ${link}`}>{node.jobId}</Link>}</Fact>
          {workflow.run > 0 ? <Fact name="Made by">{node.run === 0 ? 'The first run' : `Retry ${String(node.run)}`}</Fact> : null}
        </dl>
        {node.status === null ? null : <NodeError node={node} />}
        <Items node={node} />
        <Neighbours title="Needs" note={conditions[node.runIf]} ids={node.needs} workflow={workflow} onSelect={onSelect} />
        <Neighbours title="Needed by" ids={followersOf(workflow.nodes).get(node.id) ?? []} workflow={workflow} onSelect={onSelect} />
        {retries ? <div className="border-t border-line px-4 py-3"><Button icon={<RotateCw />} onClick={() => { onRetry(node.id); }}>Retry from here</Button></div> : null}
      </Section>
    </div>
  );
}
