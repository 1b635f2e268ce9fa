/** Collects events and hands them over once per frame; a hidden tab, which has no frames, gets them each second. */
import { addEvent, emptyBatch, isEmpty, type Batch, type ServerEvent } from './events';

export interface Scheduler {
  frame(run: () => void): void;
}

const HIDDEN_MS = 1_000;

export const browserScheduler: Scheduler = {
  frame(run) {
    if (document.hidden) setTimeout(run, HIDDEN_MS);
    else requestAnimationFrame(run);
  },
};

export class FrameBuffer {
  private batch = emptyBatch();
  private scheduled = false;

  constructor(
    private readonly flush: (batch: Batch) => void,
    private readonly scheduler: Scheduler = browserScheduler,
  ) {}

  push(events: ServerEvent[]): void {
    for (const event of events) addEvent(this.batch, event);
    if (this.scheduled || isEmpty(this.batch)) return;
    this.scheduled = true;
    this.scheduler.frame(() => { this.run(); });
  }

  private run(): void {
    const { batch } = this;
    this.batch = emptyBatch();
    this.scheduled = false;
    this.flush(batch);
  }
}
