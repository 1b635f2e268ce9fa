import { useMutation, useQueryClient } from '@tanstack/react-query';

import { ApiError, buildUrl, type Query } from '@/lib/api-client';
import type { ExportFormat, Narrowing, Operation } from '@/types';

import { operationsKey } from './list-operations';
import { save } from '../save';

export interface ExportRequest {
  format: ExportFormat;
  criteria: Narrowing;
  sort: '-created' | 'created' | '-finished' | 'finished';
}

/** A large file takes longer than other answers. */
const LIMIT_MS = 30_000;

/** A file, or what the API answers in its place. */
async function download(route: string, query: Query): Promise<Response> {
  const response = await fetch(buildUrl(route, { query }), { credentials: 'same-origin', signal: AbortSignal.timeout(LIMIT_MS) }).catch(() => { throw new ApiError('The API can’t be reached', 0, 'unreachable'); });
  if (response.ok) return response;
  const answer = (await response.json().catch(() => ({}))) as { error?: string; code?: string };
  throw new ApiError(answer.error ?? `The API answered ${String(response.status)}`, response.status, answer.code ?? String(response.status));
}

/** Saves a small export as a file and gives null; a large one becomes an operation. */
export function useStartExport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ format, criteria, sort }: ExportRequest): Promise<Operation | null> => {
      const answer = await download('/job/export', { ...criteria, format, sort });
      if (answer.status === 202) {
        const { operation } = JSON.parse(await answer.text()) as { operation: Operation };
        return operation;
      }
      save(await answer.blob(), answer.headers.get('content-disposition') ?? '', `jobs.${format}`);
      return null;
    },
    onSuccess: () => { void queries.invalidateQueries({ queryKey: operationsKey }); },
  });
}
