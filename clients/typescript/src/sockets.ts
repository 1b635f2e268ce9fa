/** A WebSocket of the API: opened with a ticket, subscribed, watched. */
import type { Schemas } from './calls.js';
import { ConnectionFailed, QueueCraftError, UnexpectedAnswer, errorOf } from './errors.js';
import type { Session } from './session.js';

/** What the client needs of a WebSocket: that of browsers, of Node from 22 on, and of the package `ws` fit. */
export interface WebSocketLike {
  send(text: string): void;
  close(): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
}

/** A class of WebSockets. */
export type WebSocketConstructor = new (url: string) => WebSocketLike;

/** A frame that the server sent. */
export interface Frame {
  type: string;
  id?: string;
  requestId?: unknown;
  data?: unknown;
  [name: string]: unknown;
}

/** What a subscription tells; `ended` once, when the connection is lost. */
export interface Listener {
  frame: (frame: Frame) => void;
  ended: () => void;
}

const OPEN_MS = 10_000;
/** A connection on which nothing came for this long is tried with a ping; if that is not answered either, it is lost. */
const SILENCE_MS = 15_000;
const STATUS: Record<string, number> = { unauthorized: 401, forbidden: 403, not_found: 404, rate_limited: 429, throttled: 429 };

/** Returns the class of WebSockets of a client; `undefined` where there is none, or if it is not to be used. */
export function webSocketOf({ options }: Session): WebSocketConstructor | undefined {
  if (options.WebSocket === false) return undefined;
  return options.WebSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
}

/**
 * Opens a connection that has all events of `asked`; resolves with a function that closes it.
 * Throws `ConnectionFailed`, the `ApiError` that a refusal means, and `UnexpectedAnswer` if nobody says where to connect.
 */
export async function subscribe(
  session: Session,
  asked: { scope?: Schemas['Scope']; since?: string },
  listener: Listener,
  signal?: AbortSignal,
): Promise<() => void> {
  const Socket = webSocketOf(session);
  if (Socket === undefined) throw new QueueCraftError('There is no WebSocket on this platform; give one as the option WebSocket');
  // with a ticket no token is in the address
  const { ticket, url } = await session.call('post', '/ws/ticket', { repeatable: true }, { signal, timeoutMs: OPEN_MS });
  const base = session.options.wsUrl ?? url;
  if (!base) throw new UnexpectedAnswer('The server does not say where its WebSocket is; give wsUrl');
  const address = `${base}${base.includes('?') ? '&' : '?'}ticket=${encodeURIComponent(ticket)}`;
  return opened(new Socket(address), JSON.stringify({ action: 'subscribe', requestId: 1, ...asked }), listener, signal);
}

function opened(socket: WebSocketLike, subscription: string, listener: Listener, signal?: AbortSignal): Promise<() => void> {
  return new Promise((resolve, reject) => {
    let state: 'opening' | 'open' | 'ended' = 'opening';
    let timer = setTimeout(() => {
      end(new ConnectionFailed('The WebSocket does not open', true));
    }, OPEN_MS);

    const end = (why: Error): void => {
      const was = state;
      state = 'ended';
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      if (was !== 'ended') socket.close();
      if (was === 'opening') reject(why);
      if (was === 'open') listener.ended();
    };
    const close = (): void => {
      if (state === 'open') state = 'ended';
      clearTimeout(timer);
      socket.close();
    };
    const aborted = (): void => {
      end(signal?.reason as Error);
    };
    const heard = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        socket.send('{"action":"ping"}');
        timer = setTimeout(() => {
          end(new ConnectionFailed('The WebSocket does not answer', true));
        }, SILENCE_MS);
      }, SILENCE_MS);
    };
    const take = (frame: Frame): void => {
      if (state === 'open') listener.frame(frame);
      if (state !== 'opening' || frame.requestId !== 1) return;
      if (frame.type !== 'subscribe:ok') {
        end(errorOf(STATUS[String(frame['code'])] ?? 400, frame, frame['retryAfter'] as number | undefined));
        return;
      }
      state = 'open';
      signal?.removeEventListener('abort', aborted);
      resolve(close);
    };

    if (signal?.aborted) aborted();
    signal?.addEventListener('abort', aborted);
    socket.addEventListener('open', () => {
      if (state === 'opening') socket.send(subscription);
    });
    socket.addEventListener('message', ({ data }) => {
      if (state === 'ended') return;
      if (state === 'open') heard();
      for (const frame of framesOf(data)) take(frame);
      if (state === 'open') heard();
    });
    for (const kind of ['close', 'error'] as const) {
      socket.addEventListener(kind, () => {
        end(new ConnectionFailed(state === 'opening' ? 'The WebSocket did not open' : 'The WebSocket was closed', state !== 'opening'));
      });
    }
  });
}

/** Returns the frames of a message: those of a batch, or itself; none if it is no frame. */
function framesOf(data: unknown): Frame[] {
  let frame: Partial<Frame> | null;
  try {
    frame = JSON.parse(String(data)) as Partial<Frame> | null;
  } catch {
    return [];
  }
  if (typeof frame?.type !== 'string') return [];
  return frame.type === 'batch' && Array.isArray(frame['events']) ? (frame['events'] as Frame[]) : [frame as Frame];
}
