import { expect, it } from 'vitest';

import { node, workflowOf } from '@/testing/workflows';

import { pathOfNode, successorOf } from './successor';

const part = { _id: 'flow', node: 'publish', run: 0, index: null };
const flow = (run: number) => workflowOf([node('fetch'), node('publish', ['fetch'], { run, jobId: `job-of-run-${String(run)}` })]);

it('finds the job that took the place of a node after a retry', () => {
  expect(successorOf({ workflow: part }, flow(0))).toBeUndefined();
  expect(successorOf({ workflow: part }, flow(2))?.jobId).toBe('job-of-run-2');
  expect(successorOf({ workflow: { ...part, run: 2 } }, flow(2))).toBeUndefined();
});

it('leads to the present job of a node, and to the workflow for an item of a map', () => {
  expect(pathOfNode(part, flow(2))).toBe('/jobs/job-of-run-2');
  expect(pathOfNode({ ...part, index: 3 }, flow(2))).toBe('/workflows/flow?node=publish');
  expect(pathOfNode({ ...part, node: 'a b' }, flow(2))).toBe('/workflows/flow?node=a%20b');
});
