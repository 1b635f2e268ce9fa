import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import type { ExportFormat, Narrowing, Operation } from '@/types';

import { operationsKey } from './list-operations';
import { save } from '../save';

export interface ExportRequest {
  format: ExportFormat;
  criteria: Narrowing;
  sort: '-created' | 'created' | '-finished' | 'finished';
}

/** Saves a small export as a file and gives null; a large one becomes an operation. */
export function useStartExport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ format, criteria, sort }: ExportRequest): Promise<Operation | null> => {
      const answer = await api.download('/job/export', { ...criteria, format, sort });
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
