/** The job that took the place of a node's job in a retry of its workflow. Pure. */
import type { Job, WorkflowDetail, WorkflowNode } from '@/types';

type Part = NonNullable<Job['workflow']>;

/** The node of a job as it is now, if it has run again since; of an item of a map, the map. */
export function successorOf({ workflow: part }: { workflow: Part }, workflow: WorkflowDetail): WorkflowNode | undefined {
  return workflow.nodes.find(({ id, run }) => id === part.node && run > part.run);
}

/** Where the present job of a node is shown; the items of a map are shown in the workflow. */
export function pathOfNode({ _id, node, index }: Part, workflow: WorkflowDetail): string {
  const jobId = workflow.nodes.find(({ id }) => id === node)?.jobId;
  return index === null && jobId !== undefined ? `/jobs/${jobId}` : `/workflows/${_id}?node=${encodeURIComponent(node)}`;
}
