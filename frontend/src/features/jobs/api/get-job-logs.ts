import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import type { LogLine } from '@/types';

import { mergeLines, MOST } from '../logs';

export const logsKey = (id: string) => ['job', id, 'logs'] as const;

export function useJobLogs(id: string) {
  return useQuery({
    queryKey: logsKey(id),
    queryFn: async ({ signal, client }) => {
      const { lines } = await api.get('/job/{id}/logs', { path: { id }, query: { limit: MOST }, signal });
      // Keep lines that the WebSocket delivered during this request.
      return mergeLines(client.getQueryData<LogLine[]>(logsKey(id)) ?? [], lines);
    },
  });
}
