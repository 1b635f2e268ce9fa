import type { WorkflowDetail, WorkflowNode } from '@/types';

import { job } from './jobs';

/** A node for tests, whose job has a number. */
export function node(id: string, needs: string[] = [], changes: Partial<WorkflowNode> = {}): WorkflowNode {
  return { id, name: id, task: 'simulated', status: 'blocked', jobId: `job-${id}`, needs, runIf: 'all_ok', run: 0, map: false, items: null, ...changes };
}

export function workflowOf(nodes: WorkflowNode[], changes: Partial<WorkflowDetail> = {}): WorkflowDetail {
  const { ownerId, tenantId, traceId, con, mon } = job(1);
  const edges = nodes.flatMap(({ id, needs }) => needs.map((need) => ({ from: need, to: id })));
  return { _id: 'flow', name: 'Import', status: 'running', run: 0, total: nodes.length, cancelRequested: false, finishedAt: null, ownerId, tenantId, traceId, con, mon, nodes, edges, ...changes };
}
