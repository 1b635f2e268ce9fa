import { Link } from 'react-router';

import { Section } from '@/components/page';
import { StatusPill } from '@/components/status-pill';
import { useScopedLink } from '@/features/session/use-scope';
import { useWorkflow } from '@/features/workflows/api/get-workflow';
import { pathOfNode, successorOf } from '@/features/workflows/successor';
import type { JobDetail } from '@/types';

const link = 'text-accent hover:underline';

function Note({ job, part }: { job: JobDetail; part: NonNullable<JobDetail['workflow']> }) {
  const to = useScopedLink();
  const workflow = useWorkflow(part._id).data;
  const next = workflow && successorOf({ workflow: part }, workflow);
  const name = <Link to={to(`/workflows/${part._id}`, { node: part.node })} className={link}>{workflow?.name ?? 'its workflow'}</Link>;
  return (
    <Section title="Node of a workflow">
      <div data-testid="node-note" className="px-4 pt-1 pb-3 text-[0.8125rem] wrap-anywhere">
        {workflow && next ? (
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">The node {part.node} of {name} was retried since. It has a newer job: <Link to={to(pathOfNode(part, workflow))} className={link}>{job.name}</Link>{next.status === null ? null : <StatusPill status={next.status} />}</p>
        ) : (
          <p>This job is {part.index === null ? '' : `item ${String(part.index)} of `}the node {part.node} of {name}, so it does not run again by itself. A retry in its workflow gives this node, and all nodes behind it, new jobs; other nodes keep their jobs and results. This job stays as it is.</p>
        )}
      </div>
    </Section>
  );
}

/** Of a failed node: how it runs again, or which job took its place. */
export function NodeNote({ job }: { job: JobDetail }) {
  return job.status === 'dlq' && job.workflow ? <Note job={job} part={job.workflow} /> : null;
}
