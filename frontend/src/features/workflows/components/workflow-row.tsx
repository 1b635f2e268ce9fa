import { Link } from 'react-router';

import { Age } from '@/components/age';
import { GroupPill } from '@/components/status-pill';
import { useScopedLink } from '@/features/session/use-scope';
import { duration, plural } from '@/lib/format';
import type { Workflow } from '@/types';

/** How long it took, or since when it runs; a retry counts from the first start. */
function Times({ workflow: { con, finishedAt } }: { workflow: Workflow }) {
  if (finishedAt) return <>Took {duration(Date.parse(finishedAt) - Date.parse(con))}, ended <Age at={finishedAt} /></>;
  return <>Started <Age at={con} /></>;
}

/** `owner`: the names of owner and workspace; null where all workflows have the same one. */
export function WorkflowRow({ workflow, owner }: { workflow: Workflow; owner: string | null }) {
  const to = useScopedLink();
  const { _id, name, status, total, run, cancelRequested } = workflow;
  return (
    <li data-testid="workflow" className="row flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-4 py-3">
      <div className="min-w-0 flex-[1_1_18rem]">
        <p className="flex min-w-0 items-center gap-2"><Link to={to(`/workflows/${_id}`)} className="min-w-0 truncate font-medium hover:underline">{name}</Link><GroupPill state={status} cancelling={cancelRequested} /></p>
        <p className="num truncate text-ink-2">{plural(total, 'node')}{run > 0 ? ` · ${run === 1 ? 'retried once' : plural(run, 'retry', 'retries')}` : ''}{owner === null ? '' : ` · ${owner}`}</p>
      </div>
      <p className="num min-w-0 flex-[1_1_12rem] truncate text-[0.8125rem] text-ink-2"><Times workflow={workflow} /></p>
    </li>
  );
}
