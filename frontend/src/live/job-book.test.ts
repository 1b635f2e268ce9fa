import { describe, expect, it } from 'vitest';

import { job } from '@/testing/jobs';
import type { Job } from '@/types';

import { emptyBatch, type Batch } from './events';
import { JobBook } from './job-book';

function batchOf(...jobs: Job[]): Batch {
  return { ...emptyBatch(), jobs: new Map(jobs.map((one) => [one._id, one])) };
}

describe('the job book', () => {
  it('drops what is not newer', () => {
    const book = new JobBook();
    book.accept(batchOf(job(1, { rev: 5 })));
    const late = batchOf(job(1, { rev: 5 }), job(2));
    book.accept(late);
    expect([...late.jobs.keys()]).toEqual([job(2)._id]);
  });

  it('lets no late event bring a deleted job back', () => {
    const book = new JobBook();
    book.accept({ ...emptyBatch(), deleted: new Map([[job(1)._id, 4]]) });
    const late = batchOf(job(1, { rev: 3 }));
    book.accept(late);
    expect(late.jobs.size).toBe(0);
    expect(book.reconcile([job(1), job(2)])).toEqual([job(2)]);
  });

  it('corrects an answer that an event overtook, and believes a newer answer', () => {
    const book = new JobBook();
    book.accept(batchOf(job(1, { rev: 5, status: 'completed' })));
    expect(book.reconcile([job(1, { rev: 4, status: 'running' })])[0]?.status).toBe('completed');
    expect(book.reconcile([job(1, { rev: 6, status: 'pending' })])[0]?.status).toBe('pending');
  });
});
