/** The WebSocket: ticket, subscribe from the last event id, ping, and an honest state while it is away. */
import { eventsIn, type ServerEvent } from './events';

export type LiveState =
  | { kind: 'connecting' }
  | { kind: 'live'; since: number }
  | { kind: 'waiting'; retryAt: number; attempt: number }
  | { kind: 'offline'; retryAt: number | null };

export interface Handlers {
  /** A fresh one-time URL; rejects when the API is away. */
  url(): Promise<string>;
  events(events: ServerEvent[]): void;
  /** Something was missed for good: reload what is shown. */
  resync(): void;
  state(state: LiveState): void;
}

const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** After so many failures in a row we no longer say that we are about to reconnect. */
const OFFLINE_AFTER = 5;
const PING_MS = 20_000;
const SILENCE_MS = 30_000;
const CONNECT_MS = 15_000;

export function backoffMs(attempt: number, random = Math.random()): number {
  const base = BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length) - 1] ?? 1_000;
  return Math.round(base * (0.8 + 0.4 * random));
}

export class LiveConnection {
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pinger: ReturnType<typeof setInterval> | undefined;
  private lastEventId: string | undefined;
  private lastHeard = 0;
  private attempt = 0;
  private generation = 0;
  private requests = 0;
  private scope = 'own';

  constructor(private readonly on: Handlers) {}

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

  /** Whose events to hear. A wider scope starts afresh: what was missed there is unknown. */
  hear(scope: string): void {
    if (scope === this.scope) return;
    this.scope = scope;
    this.lastEventId = undefined;
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
    clearInterval(this.pinger);
    this.socket?.close();
    this.socket = undefined;
  }

  private async connect(): Promise<void> {
    const generation = ++this.generation;
    this.on.state({ kind: 'connecting' });
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
    const events = eventsIn(JSON.parse(text));
    for (const event of events) this.control(event);
    this.on.events(events);
  }

  private control(event: ServerEvent): void {
    if (event.id) this.lastEventId = event.id;
    if (event.type === 'subscribe:ok') this.subscribed(event);
    if (event.type === 'resync') this.resync(event);
  }

  private subscribed(event: ServerEvent): void {
    clearTimeout(this.timer);
    // Without a place to go on from, what happened between the page's reads and now is unknown.
    if (this.lastEventId === undefined) this.on.resync();
    this.lastEventId ??= (event.data as { lastEventId?: string } | undefined)?.lastEventId;
    this.attempt = 0;
    this.on.state({ kind: 'live', since: Date.now() });
    this.keepAlive();
  }

  private resync(event: ServerEvent): void {
    this.lastEventId = (event.data as { lastEventId?: string } | undefined)?.lastEventId;
    this.on.resync();
  }

  private keepAlive(): void {
    clearInterval(this.pinger);
    this.lastHeard = Date.now();
    this.pinger = setInterval(() => {
      const { socket } = this;
      if (!socket) return;
      // A dead network closes nothing; silence after a ping does.
      if (Date.now() - this.lastHeard > SILENCE_MS) this.lost();
      else this.send(socket, { action: 'ping' });
    }, PING_MS);
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
