import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, type ReactNode } from 'react';

import { LiveConnection, type LiveState } from '@/live/connection';
import { FrameBuffer } from '@/live/frame-buffer';
import { liveStore } from '@/live/live-store';

import { getSocketUrl } from '../api/get-socket-url';
import { createApply } from '../apply';

const LiveContext = createContext<LiveConnection | null>(null);

const sums = new Set<unknown>(['stats', 'series', 'queues', 'workers', 'dlq']);

/** At a loss, find out whether the API is away too; once back, read again what no event repeats. */
function probe(queries: QueryClient, state: LiveState): void {
  if (state.kind === 'waiting' && state.attempt === 1) void queries.invalidateQueries({ queryKey: ['stats'] });
  if (state.kind !== 'live') return;
  void queries.invalidateQueries({ predicate: (query) => query.state.status === 'error' || sums.has(query.queryKey[0]) });
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
        liveStore.set(state);
        probe(queries, state);
      },
    });
  });
  useEffect(() => {
    connection.start();
    return () => { connection.stop(); };
  }, [connection]);
  return <LiveContext value={connection}>{children}</LiveContext>;
}

export function useConnection(): LiveConnection {
  const connection = use(LiveContext);
  if (!connection) throw new Error('Used outside of LiveProvider');
  return connection;
}
