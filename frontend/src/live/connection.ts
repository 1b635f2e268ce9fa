/** The WebSocket: ticket, subscribe from the last event id, ping, and its state. */
import { parseJson } from '@/lib/json';

import { eventsIn, type ServerEvent } from './events';

export type LiveState =
  | { kind: 'connecting'; again: boolean }
  | { kind: 'live'; since: number }
  | { kind: 'waiting'; retryAt: number; attempt: number }
  | { kind: 'offline'; retryAt: number | null };

export interface Handlers {
  /** A fresh one-time URL; rejects when the API is down. */
  url(): Promise<string>;
  events(events: ServerEvent[]): void;
  /** Events were lost: reload what is shown. */
  resync(): void;
  state(state: LiveState): void;
}

const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** After this many failures in a row the state is no longer “reconnecting”. */
const OFFLINE_AFTER = 5;
/** Silence after which a ping is sent; longer in a hidden tab. */
const IDLE_MS = 5_000;
const HIDDEN_IDLE_MS = 60_000;
/** A ping that is not answered in time means that the connection is dead, whatever the socket says. */
const ANSWER_MS = 4_000;
const BEAT_MS = 1_000;
/** A page first subscribes for its user and then for its scope; a change within this time continues from the start. */
const OPENING_MS = 10_000;

/** A pong: the newest event, and the last that was delivered to the connections. */
interface Progress {
  lastEventId: string | null;
  deliveredEventId: string | null;
}

/** Whether event id `a` comes before `b`: both are `epoch-sequence`. */
export function isBefore(a: string, b: string): boolean {
  const [[epochA = 0, sequenceA = 0], [epochB = 0, sequenceB = 0]] = [a.split('-').map(Number), b.split('-').map(Number)];
  return epochA < epochB || (epochA === epochB && sequenceA < sequenceB);
}
const CONNECT_MS = 15_000;

export function backoffMs(attempt: number, random = Math.random()): number {
  const base = BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length) - 1] ?? 1_000;
  return Math.round(base * (0.8 + 0.4 * random));
}

export class LiveConnection {
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private beat: ReturnType<typeof setInterval> | undefined;
  private lastHeard = 0;
  private pingedAt = 0;
  /** The newest event at a pong, if it was not delivered by then. */
  private awaited: string | null = null;
  private attempt = 0;
  private generation = 0;
  private requests = 0;
  private scope = 'own';
  private subscribedBefore = false;
  private lastEventId: string | undefined;
  private readonly createdAt = Date.now();

  /** `startedFrom`: the newest event when the page began to read; what came after it is sent first. */
  constructor(private readonly on: Handlers, private readonly startedFrom?: string) {
    this.lastEventId = startedFrom;
  }

  start(): void {
    window.addEventListener('online', this.reconnect);
    window.addEventListener('offline', this.lost);
    void this.connect();
  }

  stop(): void {
    window.removeEventListener('online', this.reconnect);
    window.removeEventListener('offline', this.lost);
    this.close();
  }

  /**
   * Sets the scope of events. While the page opens, it continues from where the page began to read; later a wider scope starts
   * afresh, since what was missed there is unknown.
   */
  hear(scope: string): void {
    if (scope === this.scope) return;
    this.scope = scope;
    this.lastEventId = Date.now() - this.createdAt < OPENING_MS ? this.startedFrom : undefined;
    if (this.socket?.readyState === WebSocket.OPEN) this.subscribe(this.socket);
  }

  readonly reconnect = (): void => {
    this.attempt = 0;
    this.close();
    void this.connect();
  };

  private readonly lost = (): void => {
    this.close();
    this.wait();
  };

  private close(): void {
    this.generation += 1;
    clearTimeout(this.timer);
    clearInterval(this.beat);
    this.socket?.close();
    this.socket = undefined;
  }

  private async connect(): Promise<void> {
    const generation = ++this.generation;
    this.on.state({ kind: 'connecting', again: this.subscribedBefore });
    try {
      const url = await this.on.url();
      if (generation === this.generation) this.open(url, generation);
    } catch {
      if (generation === this.generation) this.wait();
    }
  }

  private open(url: string, generation: number): void {
    const socket = new WebSocket(url);
    this.socket = socket;
    this.timer = setTimeout(() => { socket.close(); }, CONNECT_MS);
    const current = (run: () => void) => (): void => { if (generation === this.generation) run(); };
    socket.onopen = current(() => { this.subscribe(socket); });
    socket.onclose = current(() => { this.lost(); });
    socket.onmessage = (event: MessageEvent<string>) => {
      if (generation === this.generation) this.receive(event.data);
    };
  }

  private send(socket: WebSocket, message: Record<string, unknown>): void {
    this.requests += 1;
    socket.send(JSON.stringify({ ...message, requestId: `r${String(this.requests)}` }));
  }

  private subscribe(socket: WebSocket): void {
    this.send(socket, { action: 'subscribe', scope: this.scope, ...(this.lastEventId ? { since: this.lastEventId } : {}) });
  }

  private receive(text: string): void {
    this.lastHeard = Date.now();
    this.pingedAt = 0;
    const events = eventsIn(parseJson(text));
    this.on.events(events);
    for (const event of events) this.control(event);
  }

  private control(event: ServerEvent): void {
    if (event.id) this.lastEventId = event.id;
    if (event.type === 'subscribe:ok') this.subscribed(event);
    if (event.type === 'resync') this.resync(event);
    if (event.type === 'pong') this.compare(event.data as Progress);
  }

  private subscribed(event: ServerEvent): void {
    clearTimeout(this.timer);
    // Without a place to go on from, what happened between the page's reads and now is unknown.
    if (this.lastEventId === undefined) this.on.resync();
    this.lastEventId ??= (event.data as { lastEventId?: string } | undefined)?.lastEventId;
    this.attempt = 0;
    this.subscribedBefore = true;
    this.on.state({ kind: 'live', since: Date.now() });
    this.keepAlive();
  }

  private resync(event: ServerEvent): void {
    this.lastEventId = (event.data as { lastEventId?: string } | undefined)?.lastEventId;
    this.on.resync();
  }

  private keepAlive(): void {
    clearInterval(this.beat);
    this.lastHeard = Date.now();
    this.pingedAt = 0;
    this.awaited = null;
    this.beat = setInterval(() => { this.listen(); }, BEAT_MS);
  }

  /** A dead network or a server that hangs closes no socket; only a missing pong shows it. */
  private listen(): void {
    const { socket } = this;
    if (!socket) return;
    const now = Date.now();
    if (this.pingedAt > 0) {
      if (now - this.pingedAt > ANSWER_MS) this.lost();
    } else if (now - this.lastHeard > this.idleMs()) {
      this.pingedAt = now;
      this.send(socket, { action: 'ping' });
    }
  }

  private idleMs(): number {
    if (document.hidden) return HIDDEN_IDLE_MS;
    return this.awaited === null ? IDLE_MS : ANSWER_MS;
  }

  /** A server may answer pings and deliver no events: then the event that was new at the last pong is still missing. */
  private compare({ lastEventId, deliveredEventId }: Progress): void {
    const delivered = deliveredEventId ?? '0-0';
    if (this.awaited !== null && isBefore(delivered, this.awaited)) this.lost();
    else this.awaited = lastEventId !== null && isBefore(delivered, lastEventId) ? lastEventId : null;
  }

  private wait(): void {
    this.attempt += 1;
    if (!navigator.onLine) {
      this.on.state({ kind: 'offline', retryAt: null });
      return;
    }
    const delay = backoffMs(this.attempt);
    const retryAt = Date.now() + delay;
    this.on.state(
      this.attempt > OFFLINE_AFTER ? { kind: 'offline', retryAt } : { kind: 'waiting', retryAt, attempt: this.attempt },
    );
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { void this.connect(); }, delay);
  }
}
