import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useRef, useState, type ReactNode } from 'react';

import { useSessionEnd } from '@/features/session/use-session-end';
import { checkVersion } from '@/lib/version';
import { LiveConnection, type LiveState } from '@/live/connection';
import { FrameBuffer } from '@/live/frame-buffer';
import { liveStore, startedAt } from '@/live/live-store';

import { getSocketUrl } from '../api/get-socket-url';
import { createApply } from '../apply';

const LiveContext = createContext<LiveConnection | null>(null);

const sums = new Set<unknown>(['stats', 'series', 'queues', 'limits', 'workers', 'dlq', 'batches', 'workflows']);

/**
 * When the connection is lost, checks whether the API is down too; if it stays lost, reads all shown data, which is marked
 * as stale if the API does not answer. After reconnecting, reads again what no event repeats.
 */
function probe(queries: QueryClient, state: LiveState, again: boolean): void {
  if (state.kind === 'waiting' && state.attempt === 1) void queries.invalidateQueries({ queryKey: ['stats'] });
  if (state.kind === 'waiting' && state.attempt === 2) void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
  if (state.kind !== 'live') return;
  void queries.invalidateQueries({ predicate: (query) => query.state.status === 'error' || (again && sums.has(query.queryKey[0])) });
  // The outage may have been a deployment.
  if (again) void checkVersion();
}

/** After logging in again over the page, connects at once and reads what was refused meanwhile. */
function useBackAfterLogIn(connection: LiveConnection): void {
  const queries = useQueryClient();
  const ended = useSessionEnd();
  const before = useRef(ended);
  useEffect(() => {
    if (before.current !== null && ended === null) {
      connection.reconnect();
      void queries.invalidateQueries({ predicate: (query) => query.state.status === 'error' });
    }
    before.current = ended;
  }, [connection, ended, queries]);
}

/** Keeps one WebSocket open while someone is logged in, and the pages' data up to date with it. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [connection] = useState(() => {
    const apply = createApply(queries);
    const buffer = new FrameBuffer((batch) => {
      apply(batch);
      liveStore.publish(batch);
    });
    return new LiveConnection({
      url: getSocketUrl,
      events: (events) => { buffer.push(events); },
      resync: () => { void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' }); },
      state: (state) => {
        const before = liveStore.read();
        liveStore.set(state);
        probe(queries, state, before.kind === 'connecting' && before.again);
      },
    }, startedAt.read());
  });
  useEffect(() => {
    connection.start();
    return () => { connection.stop(); };
  }, [connection]);
  useBackAfterLogIn(connection);
  return <LiveContext value={connection}>{children}</LiveContext>;
}

export function useConnection(): LiveConnection {
  const connection = use(LiveContext);
  if (!connection) throw new Error('Used outside of LiveProvider');
  return connection;
}
