// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { backoffMs, isBefore, LiveConnection, type LiveState } from './connection';
import type { ServerEvent } from './events';

/** A WebSocket whose other end is the test. */
class Socket {
  static readonly OPEN = 1;
  static all: Socket[] = [];
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;

  constructor(readonly url: string) {
    Socket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.readyState = 3;
  }

  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

function latest(): Socket {
  const socket = Socket.all.at(-1);
  if (!socket) throw new Error('Nothing connected');
  return socket;
}

function setUp(url: () => Promise<string> = () => Promise.resolve('ws://test/?ticket=t'), since?: string) {
  const states: LiveState[] = [];
  const events: ServerEvent[] = [];
  const resync = vi.fn();
  const connection = new LiveConnection({ url, events: (more) => events.push(...more), resync, state: (state) => states.push(state) }, since);
  connection.start();
  return { connection, states, events, resync };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', Socket);
  Socket.all = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the live connection', () => {
  it('is live only when the subscription is answered', async () => {
    const { connection, states, resync } = setUp();
    await settle();
    latest().accept();
    expect(states.at(-1)?.kind).toBe('connecting');
    latest().say({ type: 'subscribe:ok', data: { lastEventId: '1-7' } });
    expect(states.at(-1)?.kind).toBe('live');
    expect(resync).toHaveBeenCalledOnce();
    connection.stop();
  });

  it('goes on from the last event after a loss, without reading anew', async () => {
    const { connection, states, resync } = setUp();
    await settle();
    latest().accept();
    latest().say({ type: 'subscribe:ok', data: { lastEventId: '1-7' } });
    latest().say({ type: 'batch', events: [{ id: '1-8', type: 'job:created' }, { id: '1-9', type: 'job:created' }] });
    latest().onclose?.();
    expect(states.at(-1)).toMatchObject({ kind: 'waiting', attempt: 1 });
    await vi.advanceTimersByTimeAsync(1_500);
    latest().accept();
    expect(latest().sent[0]).toMatchObject({ action: 'subscribe', since: '1-9' });
    latest().say({ type: 'subscribe:ok', data: { lastEventId: '1-9' } });
    expect(resync).toHaveBeenCalledOnce();
    connection.stop();
  });

  it('reads anew when the server says that something was missed', async () => {
    const { connection, resync } = setUp();
    await settle();
    latest().accept();
    latest().say({ type: 'subscribe:ok', data: { lastEventId: '1-7' } });
    latest().say({ type: 'resync', id: '2-1', data: { lastEventId: '2-1' } });
    expect(resync).toHaveBeenCalledTimes(2);
    latest().onclose?.();
    await vi.advanceTimersByTimeAsync(1_500);
    latest().accept();
    expect(latest().sent[0]).toMatchObject({ since: '2-1' });
    connection.stop();
  });

  it('counts down, and says offline when it keeps failing', async () => {
    const { connection, states } = setUp(() => Promise.reject(new Error('away')));
    await settle();
    expect(states.at(-1)).toMatchObject({ kind: 'waiting', attempt: 1 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states.at(-1)?.kind).toBe('offline');
    connection.stop();
  });

  it('notices a dead network within ten seconds, by a ping that nobody answers', async () => {
    const { connection, states } = setUp();
    await settle();
    latest().accept();
    latest().say({ type: 'subscribe:ok', data: { lastEventId: '1-7' } });
    await vi.advanceTimersByTimeAsync(6_000);
    expect(latest().sent.filter(({ action }) => action === 'ping')).toHaveLength(1);
    latest().say({ type: 'pong', data: { lastEventId: '1-7', deliveredEventId: '1-7' } });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(states.at(-1)?.kind).toBe('live');
    await vi.advanceTimersByTimeAsync(7_000);
    expect(states.at(-1)?.kind).toBe('waiting');
    connection.stop();
  });

  it('is not live while pings are answered and events are held up', async () => {
    const { connection, states } = setUp();
    await settle();
    latest().accept();
    latest().say({ type: 'subscribe:ok', data: { lastEventId: '1-7' } });
    await vi.advanceTimersByTimeAsync(6_000);
    latest().say({ type: 'pong', data: { lastEventId: '1-9', deliveredEventId: '1-7' } });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(latest().sent.filter(({ action }) => action === 'ping')).toHaveLength(2);
    latest().say({ type: 'pong', data: { lastEventId: '1-12', deliveredEventId: '1-10' } });
    expect(states.at(-1)?.kind).toBe('live');
    await vi.advanceTimersByTimeAsync(5_000);
    latest().say({ type: 'pong', data: { lastEventId: '1-14', deliveredEventId: '1-10' } });
    expect(states.at(-1)?.kind).toBe('waiting');
    connection.stop();
  });

  it('begins where the page began to read, in whatever scope, and reads nothing twice', async () => {
    const { connection, resync } = setUp(undefined, '1-5');
    connection.hear('tenant');
    await settle();
    latest().accept();
    expect(latest().sent[0]).toMatchObject({ action: 'subscribe', scope: 'tenant', since: '1-5' });
    latest().say({ type: 'subscribe:ok', data: { lastEventId: '1-5' } });
    expect(resync).not.toHaveBeenCalled();
    connection.stop();
  });

  it('continues from there too when the page sets its scope after the first subscription', async () => {
    const { connection, resync } = setUp(undefined, '1-5');
    await settle();
    latest().accept();
    latest().say({ type: 'subscribe:ok', data: { lastEventId: '1-7' } });
    connection.hear('tenant');
    expect(latest().sent.at(-1)).toMatchObject({ action: 'subscribe', scope: 'tenant', since: '1-5' });
    latest().say({ type: 'subscribe:ok', data: { lastEventId: '1-7' } });
    expect(resync).not.toHaveBeenCalled();
    connection.stop();
  });

  it('asks anew in a wider scope later, from now on', async () => {
    const { connection } = setUp(undefined, '1-5');
    await settle();
    latest().accept();
    latest().say({ type: 'subscribe:ok', data: { lastEventId: '1-7' } });
    await vi.advanceTimersByTimeAsync(10_000);
    connection.hear('tenant');
    expect(latest().sent.at(-1)).toMatchObject({ action: 'subscribe', scope: 'tenant' });
    expect(latest().sent.at(-1)).not.toHaveProperty('since');
    connection.stop();
  });
});

it('orders event ids by epoch, then by sequence', () => {
  expect([isBefore('1-9', '1-10'), isBefore('2-1', '10-0'), isBefore('1-9', '1-9'), isBefore('2-1', '1-9')]).toEqual([true, true, false, false]);
});

it('waits longer each time, up to half a minute, never all at once', () => {
  expect([1, 2, 3, 9].map((attempt) => backoffMs(attempt, 0.5))).toEqual([1_000, 2_000, 4_000, 30_000]);
  expect(backoffMs(1, 0)).toBe(800);
  expect(backoffMs(1, 1)).toBe(1_200);
});
