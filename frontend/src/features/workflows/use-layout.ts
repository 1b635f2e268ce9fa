import { useQuery } from '@tanstack/react-query';

import type { Needs } from './graph';
import type { GraphLayout } from './graph-layout';
import type { LayoutRequest } from './layout.worker';

function inWorker(request: LayoutRequest, signal: AbortSignal): Promise<GraphLayout> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' });
    const end = (): void => { worker.terminate(); };
    signal.addEventListener('abort', () => { end(); reject(new DOMException('No longer wanted', 'AbortError')); });
    worker.onmessage = ({ data }: MessageEvent<GraphLayout>) => { end(); resolve(data); };
    worker.onerror = ({ message }) => { end(); reject(new Error(message || 'The drawing could not be loaded')); };
    worker.postMessage(request);
  });
}

/** The layout of a graph: the same one while its nodes and edges are, whatever their states. */
export function useLayout(nodes: Needs[], down: boolean) {
  const shape = nodes.map(({ id, needs }) => ({ id, needs }));
  return useQuery({
    queryKey: ['graph-layout', shape, down],
    queryFn: ({ signal }) => inWorker({ nodes: shape, down }, signal),
    staleTime: Infinity,
    gcTime: 60_000,
    retry: 1,
  });
}
