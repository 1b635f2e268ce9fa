import { describe, expect, it } from 'vitest';

import { job } from '@/testing/jobs';

import { addEvent, emptyBatch, eventsIn, isEmpty } from './events';

describe('a batch', () => {
  it('keeps the newest state of a job, in whatever order the events come', () => {
    const batch = emptyBatch();
    addEvent(batch, { type: 'job:completed', data: job(1, { rev: 3, status: 'completed' }) });
    addEvent(batch, { type: 'job:status:updated', data: { jobId: job(1)._id, job: job(1, { rev: 2, status: 'running' }) } });
    addEvent(batch, { type: 'job:created', data: job(1) });
    expect([...batch.jobs.values()]).toEqual([job(1, { rev: 3, status: 'completed' })]);
  });

  it('collects log lines with their attempt', () => {
    const batch = emptyBatch();
    const line = (seq: number) => ({ seq, at: '', level: 'info', message: String(seq) });
    addEvent(batch, { type: 'job:log', data: { jobId: 'x', attempt: 2, lines: [line(1)] } });
    addEvent(batch, { type: 'job:log', data: { jobId: 'x', attempt: 2, lines: [line(2)] } });
    expect(batch.logs.get('x')?.map(({ seq, attempt }) => [seq, attempt])).toEqual([[1, 2], [2, 2]]);
  });

  it('is not changed by an event of an unknown type', () => {
    const batch = emptyBatch();
    addEvent(batch, { type: 'job:frobnicated', data: {} });
    expect(isEmpty(batch)).toBe(true);
  });
});

describe('a frame', () => {
  it('holds one event, a batch of them, or nothing', () => {
    const event = { type: 'job:created', id: '1-1' };
    expect(eventsIn(event)).toEqual([event]);
    expect(eventsIn({ type: 'batch', events: [event, event] })).toHaveLength(2);
    expect(eventsIn({ type: 'batch' })).toEqual([]);
    expect(eventsIn('pong')).toEqual([]);
  });
});
