/** How a frame of events changes the nodes of a workflow on screen. Pure. */
import { isTerminal } from '@/lib/status';
import type { Batch } from '@/live/events';
import type { JobBook } from '@/live/job-book';
import type { JobStatus, WorkflowDetail } from '@/types';

/** Whether the workflow has to be read again: an item of a map changed, or a retry made jobs that it does not know. */
export function isOutdated({ _id, nodes }: WorkflowDetail, batch: Batch): boolean {
  const known = new Set(nodes.map(({ jobId }) => jobId));
  for (const job of batch.jobs.values()) if (job.workflow?._id === _id && !known.has(job._id)) return true;
  return false;
}

function withStatuses(workflow: WorkflowDetail, statusOf: (jobId: string) => JobStatus | undefined): WorkflowDetail {
  const nodes = workflow.nodes.map((node) => {
    const status = statusOf(node.jobId) ?? node.status;
    return status === node.status ? node : { ...node, status };
  });
  return nodes.some((node, index) => node !== workflow.nodes[index]) ? { ...workflow, nodes } : workflow;
}

/** The workflow after the frame: the same object when none of its nodes changed. */
export function withStates(workflow: WorkflowDetail, batch: Batch): WorkflowDetail {
  return withStatuses(workflow, (id) => batch.jobs.get(id)?.status);
}

/** An answer of the API, corrected by ends that events brought while it was under way: the job of a node ends once. */
export function settled(workflow: WorkflowDetail, book: Pick<JobBook, 'statusOf'>): WorkflowDetail {
  return withStatuses(workflow, (id) => {
    const known = book.statusOf(id);
    return known !== undefined && isTerminal(known) ? known : undefined;
  });
}
