import { expect, it } from 'vitest';

import { emptyBatch } from '@/live/events';
import { job } from '@/testing/jobs';
import { node, workflowOf } from '@/testing/workflows';
import type { Job } from '@/types';

import { isOutdated, settled, withStates } from './live-nodes';

const workflow = workflowOf([node('a', [], { jobId: job(1)._id, status: 'pending' }), node('b', ['a'], { jobId: job(2)._id })]);
const frame = (...jobs: Job[]) => ({ ...emptyBatch(), jobs: new Map(jobs.map((one) => [one._id, one])) });
const part = (id: string, index: number | null = null) => ({ workflow: { _id: id, node: 'a', run: 0, index } });

it('is read again for items of a map and for jobs of a retry, not for each state of a node', () => {
  expect(isOutdated(workflow, frame(job(9, part('other')), job(8, part('flow', 3))))).toBe(true);
  expect(isOutdated(workflow, frame(job(9, part('other')), job(1, part('flow'))))).toBe(false);
  expect(isOutdated(workflow, frame(job(7, part('flow'))))).toBe(true);
});

it('brings new states to the nodes, and draws no other node again', () => {
  const newer = withStates(workflow, frame(job(1, { status: 'running', ...part('flow') })));
  expect(newer.nodes.map(({ status }) => status)).toEqual(['running', 'blocked']);
  expect(newer.nodes[1]).toBe(workflow.nodes[1]);
  expect(withStates(workflow, frame(job(7, part('flow'))))).toBe(workflow);
});

it('keeps an end that an event brought while an older answer was under way', () => {
  const known = (status: Job['status']) => ({ statusOf: (id: string) => (id === job(1)._id ? status : undefined) });
  expect(settled(workflow, known('completed')).nodes[0]?.status).toBe('completed');
  expect(settled(workflow, known('running'))).toBe(workflow);
});
