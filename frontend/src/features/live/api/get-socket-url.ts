import { api } from '@/lib/api-client';

/** Time-out of the request for a ticket; then it is tried again. */
const LIMIT_MS = 8_000;

interface PublicConfig {
  websocketUrl?: string;
  stack?: string;
}

/** Where the WebSocket is; the server of this page says so, or it is `/ws` beside us. */
async function socketBase(): Promise<string> {
  const response = await fetch('/config.json', { signal: AbortSignal.timeout(LIMIT_MS) });
  const config = response.ok ? ((await response.json()) as PublicConfig) : {};
  return config.websocketUrl ?? '/ws';
}

/** An address with a one-time ticket, good for 30 s. */
export async function getSocketUrl(): Promise<string> {
  const [{ ticket }, base] = await Promise.all([api.post('/ws/ticket', { signal: AbortSignal.timeout(LIMIT_MS) }), socketBase()]);
  const url = new URL(base, window.location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  url.searchParams.set('ticket', ticket);
  return url.href;
}
