import { describe, expect, it } from 'vitest';

import { job } from '@/testing/jobs';

import type { Batch } from './events';
import { FrameBuffer } from './frame-buffer';

describe('the frame buffer', () => {
  it('hands 1,000 events over as one change per frame', () => {
    const frames: (() => void)[] = [];
    const flushed: Batch[] = [];
    const buffer = new FrameBuffer((batch) => flushed.push(batch), { frame: (run) => frames.push(run) });
    for (let rev = 1; rev <= 1_000; rev += 1) {
      buffer.push([{ type: 'job:status:updated', data: { job: job(rev % 10, { rev }) } }]);
    }
    expect(frames).toHaveLength(1);
    frames[0]?.();
    expect(flushed).toHaveLength(1);
    expect(flushed[0]?.jobs.size).toBe(10);
    expect(flushed[0]?.jobs.get(job(0)._id)?.rev).toBe(1_000);
  });

  it('asks for no frame when there is nothing to show', () => {
    const frames: (() => void)[] = [];
    const buffer = new FrameBuffer(() => undefined, { frame: (run) => frames.push(run) });
    buffer.push([{ type: 'pong' }]);
    expect(frames).toHaveLength(0);
  });
});
