import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { beforeEach, expect, it, vi } from 'vitest';

import { stepsKey } from '@/features/jobs/api/get-job';
import { parseFilter } from '@/features/jobs/filter';
import type { JobPage } from '@/features/jobs/live-page';
import { addEvent, emptyBatch } from '@/live/events';
import { job, pageOf } from '@/testing/jobs';
import { node, workflowOf } from '@/testing/workflows';

import { createApply } from './apply';

const filter = parseFilter(new URLSearchParams());
let queries: QueryClient;

beforeEach(() => { queries = new QueryClient(); });

/** A list on screen, as the API answered it. */
function watch(page: JobPage) {
  const observer = new QueryObserver(queries, { queryKey: ['jobs', filter], queryFn: () => page, initialData: page, staleTime: Infinity });
  observer.subscribe(() => undefined);
}

const shown = () => queries.getQueryData<JobPage>(['jobs', filter])?.jobs.map(({ status }) => status);

it('brings a frame into the list on screen; what comes late changes nothing', () => {
  watch(pageOf([job(1)]));
  const apply = createApply(queries);
  const frame = (rev: number, status: 'running' | 'completed') => ({ ...emptyBatch(), jobs: new Map([[job(1)._id, job(1, { rev, status })]]) });
  apply(frame(3, 'completed'));
  apply(frame(2, 'running'));
  expect(shown()).toEqual(['completed']);
});

it('has a list that is not on screen read again when it is shown', () => {
  queries.setQueryData(['jobs', filter], pageOf([job(1)]));
  createApply(queries)({ ...emptyBatch(), deleted: new Map([[job(40_001)._id, 2]]) });
  expect(queries.getQueryState(['jobs', filter])?.isInvalidated).toBe(true);
});

it('takes 1,000 events a second with time to spare', () => {
  watch(pageOf(Array.from({ length: 200 }, (_, n) => job(10_000 - n))));
  const apply = createApply(queries);
  // of the processor, which other programs may have meanwhile
  const before = process.cpuUsage();
  for (let frame = 0; frame < 60; frame += 1) {
    const jobs = Array.from({ length: 17 }, (_, n) => job(20_000 + frame * 17 + n));
    apply({ ...emptyBatch(), jobs: new Map(jobs.map((one) => [one._id, one])) });
  }
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(1_000);
  const ids = queries.getQueryData<JobPage>(['jobs', filter])?.jobs.map(({ _id }) => _id) ?? [];
  expect(new Set(ids).size).toBe(ids.length);
}, 60_000);

it('reads the sums again, but not for each event', () => {
  vi.useFakeTimers();
  const invalidate = vi.spyOn(queries, 'invalidateQueries');
  const apply = createApply(queries);
  for (let n = 0; n < 100; n += 1) apply({ ...emptyBatch(), jobs: new Map([[job(30_000 + n)._id, job(30_000 + n)]]) });
  vi.advanceTimersByTime(1_000);
  expect(invalidate.mock.calls.filter(([options]) => options?.queryKey?.[0] === 'stats')).toHaveLength(1);
  vi.useRealTimers();
});

it('has lists and sums read again when old jobs expired, but not for each page of them', () => {
  vi.useFakeTimers();
  watch(pageOf([job(1)]));
  const invalidate = vi.spyOn(queries, 'invalidateQueries');
  const apply = createApply(queries);
  for (let n = 0; n < 100; n += 1) apply({ ...emptyBatch(), expired: true });
  vi.advanceTimersByTime(1_000);
  const read = invalidate.mock.calls.map(([options]) => options?.queryKey?.[0]);
  expect(read.filter((key) => key === 'jobs')).toHaveLength(1);
  expect(read.filter((key) => key === 'stats')).toHaveLength(1);
  vi.useRealTimers();
});

it('has members, keys and webhooks read again when one changed', () => {
  vi.useFakeTimers();
  const invalidate = vi.spyOn(queries, 'invalidateQueries');
  const batch = emptyBatch();
  addEvent(batch, { type: 'api-key:updated', data: { keyId: 'k', change: 'revoked', at: '' } });
  createApply(queries)(batch);
  vi.advanceTimersByTime(1_000);
  expect(invalidate.mock.calls.map(([options]) => options?.queryKey?.[0])).toEqual(['members', 'api-keys', 'webhooks']);
  vi.useRealTimers();
});

it('brings the states of needed jobs, and those of nodes, to the pages that show them', () => {
  vi.useFakeTimers();
  const dependent = { ...job(5, { status: 'blocked' }), needs: [{ _id: job(1)._id, name: 'Job 1', status: 'running' }], dependents: [], replays: [{ _id: job(1)._id, name: 'Job 1', status: 'running' }], origin: { _id: job(1)._id, name: 'Job 1', status: 'running' } };
  const workflow = workflowOf([node('a', [], { jobId: job(1)._id, status: 'running' })]);
  for (const [queryKey, data] of [[['job', dependent._id], dependent], [['workflows', 'one', 'flow'], workflow]] as const) {
    new QueryObserver<unknown>(queries, { queryKey: [...queryKey], queryFn: () => data, initialData: data, staleTime: Infinity }).subscribe(() => undefined);
  }
  const invalidate = vi.spyOn(queries, 'invalidateQueries');
  const apply = createApply(queries);
  const ended = job(1, { rev: 9, status: 'completed', workflow: { _id: 'flow', node: 'a', run: 0, index: null } });
  apply({ ...emptyBatch(), jobs: new Map([[ended._id, ended]]) });
  expect(queries.getQueryData<typeof dependent>(['job', dependent._id])?.needs[0]?.status).toBe('completed');
  expect(queries.getQueryData<typeof dependent>(['job', dependent._id])).toMatchObject({ replays: [{ status: 'completed' }], origin: { status: 'completed' } });
  expect(queries.getQueryData<typeof workflow>(['workflows', 'one', 'flow'])?.nodes[0]?.status).toBe('completed');
  const read = (): unknown[] => { vi.advanceTimersByTime(2_000); return invalidate.mock.calls.map(([options]) => options?.queryKey?.[0]); };
  expect(read()).not.toContain('workflows');
  const item = job(6, { batchId: ended._id, workflow: { _id: 'flow', node: 'a', run: 0, index: 0 } });
  apply({ ...emptyBatch(), jobs: new Map([[item._id, item]]) });
  expect(read()).toEqual(expect.arrayContaining(['workflows', 'batches']));
  vi.useRealTimers();
});

it('has the steps of a job on screen read again when the job changes, and not for its progress', () => {
  const shownJob = { ...job(77), needs: [], dependents: [], replays: [], origin: null };
  const key = [...stepsKey(shownJob._id), 200];
  for (const [queryKey, data] of [[['job', shownJob._id], shownJob], [key, { steps: [] }]] as const) {
    new QueryObserver<unknown>(queries, { queryKey: [...queryKey], queryFn: () => data, initialData: data, staleTime: Infinity }).subscribe(() => undefined);
  }
  const apply = createApply(queries);
  apply({ ...emptyBatch(), progress: new Map([[shownJob._id, { jobId: shownJob._id, attempt: 1, rev: 1, percent: 5, message: '' }]]) });
  expect(queries.getQueryState(key)?.isInvalidated).toBe(false);
  apply({ ...emptyBatch(), jobs: new Map([[shownJob._id, job(77, { rev: 2, status: 'waiting', waitsFor: ['event:go'] })]]) });
  expect(queries.getQueryState(key)?.isInvalidated).toBe(true);
});
