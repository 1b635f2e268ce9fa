import { useQuery } from '@tanstack/react-query';

import type { DeadQuery } from '@/features/dlq/filter';
import { api } from '@/lib/api-client';

import type { Criteria } from '../filter';

const SAMPLE = 50;

/** Whose payloads: of jobs, or of dead letters. */
export type Sampled = { jobs: Criteria } | { dead: DeadQuery };

const read = (of: Sampled, signal: AbortSignal) => ('jobs' in of
  ? api.get('/job/payloads', { query: { ...of.jobs, sample: SAMPLE }, signal })
  : api.get('/dlq/payloads', { query: { ...of.dead, sample: SAMPLE }, signal }));

/** The paths of fields in the newest payloads that match, to be suggested. */
export function usePayloadFields(of: Sampled, enabled: boolean) {
  return useQuery({
    queryKey: ['payload-fields', of],
    queryFn: async ({ signal }) => {
      const { same, differ } = await read(of, signal);
      return [...differ, ...same].map(({ path }) => path).filter(Boolean).sort();
    },
    enabled,
    staleTime: 60_000,
  });
}
