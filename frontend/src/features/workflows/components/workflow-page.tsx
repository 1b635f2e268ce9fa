import { SearchX } from 'lucide-react';
import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';

import { CopyButton } from '@/components/copy-button';
import { Fact } from '@/components/fact';
import { Page, Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { Segmented } from '@/components/segmented';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { GroupPill } from '@/components/status-pill';
import { Whose } from '@/features/jobs/components/whose';
import { useHearOwner } from '@/features/live/use-hear-owner';
import { useScopedLink } from '@/features/session/use-scope';
import { ApiError } from '@/lib/api-client';
import { currentParams } from '@/lib/current-params';
import { count, dateTime } from '@/lib/format';
import type { WorkflowDetail } from '@/types';

import { useWorkflow } from '../api/get-workflow';
import { endedNodes } from '../graph';
import { GraphPanel } from './graph-panel';
import { NodeList } from './node-list';
import { NodePanel } from './node-panel';
import { ConfirmRetry, WorkflowActions } from './workflow-actions';

const link = 'text-accent hover:underline';

type View = 'graph' | 'list';
const views = [{ value: 'graph', label: 'Graph' }, { value: 'list', label: 'List' }] as const;

function Facts({ workflow }: { workflow: WorkflowDetail }) {
  const to = useScopedLink();
  const { _id, traceId, run, con, finishedAt } = workflow;
  return (
    <Section title="Details">
      <dl className="px-4 pt-1 pb-3 text-[0.8125rem]">
        <Fact name="Id"><span className="flex items-center gap-1"><span className="min-w-0 flex-1 truncate font-mono text-xs">{_id}</span><CopyButton text={_id} label="Copy the id" /></span></Fact>
        <Fact name="Trace"><Link className={`block truncate font-mono text-xs ${link}`} to={to('/', { trace: traceId })} title={`All jobs of the trace ${traceId}`}>{traceId}</Link></Fact>
        <Whose of={workflow} />
        <Fact name="Retries">{count(run)}</Fact>
        <Fact name="Started"><time dateTime={con}>{dateTime(con)}</time></Fact>
        <Fact name="Ended">{finishedAt ? <time dateTime={finishedAt}>{dateTime(finishedAt)}</time> : '–'}</Fact>
      </dl>
    </Section>
  );
}

/** The node and the view in the address, so that a link shows what one sees. */
function useShown() {
  const [params, setParams] = useSearchParams();
  const put = (name: string, value: string): void => {
    const next = currentParams();
    if (value) next.set(name, value);
    else next.delete(name);
    setParams(next, { replace: true, preventScrollReset: true });
  };
  const view: View = params.get('view') === 'list' ? 'list' : 'graph';
  return {
    node: params.get('node') ?? '',
    view,
    showNode: (id: string) => { put('node', id); },
    showAs: (wanted: View) => { put('view', wanted === 'graph' ? '' : wanted); },
  };
}

/** The focus back to the button of a node, in the graph or in the list. */
function focusNode(id: string): void {
  document.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"], [data-row="${CSS.escape(id)}"] button`)?.focus();
}

function Content({ workflow }: { workflow: WorkflowDetail }) {
  const { node: shown, view, showNode, showAs } = useShown();
  const [opened, setOpened] = useState<'keys' | 'press' | 'link'>('link');
  const [retrying, setRetrying] = useState<string | null>(null);
  const node = workflow.nodes.find(({ id }) => id === shown);
  const select = (id: string, keys: boolean): void => { setOpened(keys ? 'keys' : 'press'); showNode(id); };
  const close = (): void => { showNode(''); focusNode(shown); };
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <Section title="Nodes" aside={<><span data-testid="nodes-ended" className="num text-[0.8125rem] text-ink-2">{count(endedNodes(workflow.nodes))} of {count(workflow.total)} ended</span><Segmented label="View" value={view} options={views} onChange={showAs} /></>}>
        <a href="#after-nodes" className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:m-2 focus:rounded-lg focus:bg-primary focus:px-3 focus:py-2 focus:text-on-primary">Skip the nodes</a>
        <div className="mt-2">
          {view === 'graph'
            ? <GraphPanel nodes={workflow.nodes} selected={shown} onSelect={select} onList={() => { showAs('list'); }} />
            : <NodeList nodes={workflow.nodes} selected={shown} onSelect={select} />}
        </div>
      </Section>
      <div id="after-nodes" tabIndex={-1} className="flex min-w-0 scroll-mt-20 flex-col gap-4 outline-none">
        {node ? <NodePanel workflow={workflow} node={node} opened={opened} onSelect={select} onRetry={setRetrying} onClose={close} /> : null}
        <Facts workflow={workflow} />
      </div>
      {retrying === null ? null : <ConfirmRetry workflow={workflow} node={retrying} onClose={() => { setRetrying(null); }} />}
    </div>
  );
}

export function Component() {
  const { id = '' } = useParams();
  const workflow = useWorkflow(id);
  const to = useScopedLink();
  useHearOwner(workflow.data);
  if (workflow.error instanceof ApiError && [400, 404].includes(workflow.error.status)) {
    return <Page title="Workflow"><EmptyState icon={SearchX} title="This workflow does not exist" action={<Link to={to('/workflows')} className={link}>Go to workflows</Link>}>It has expired, or belongs to someone else.</EmptyState></Page>;
  }
  return (
    <Page
      title={workflow.data?.name ?? 'Workflow'}
      aside={workflow.data ? <><GroupPill state={workflow.data.status} cancelling={workflow.data.cancelRequested} /><StaleBadge query={workflow} /></> : null}
      actions={workflow.data ? <WorkflowActions workflow={workflow.data} /> : null}
    >
      <QueryView query={workflow} skeleton={<div className="grid gap-4 lg:grid-cols-[1fr_22rem]"><div className="card skeleton h-96" /><div className="card skeleton h-64" /></div>}>
        {(data) => <Content workflow={data} />}
      </QueryView>
    </Page>
  );
}
