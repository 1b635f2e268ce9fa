import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

import type { Criteria } from '../filter';

const SAMPLE = 50;

/** The paths of fields in the newest payloads that match, to be suggested. */
export function usePayloadFields(criteria: Criteria, enabled: boolean) {
  return useQuery({
    queryKey: ['payload-fields', criteria],
    queryFn: async ({ signal }) => {
      const { same, differ } = await api.get('/job/payloads', { query: { ...criteria, sample: SAMPLE }, signal });
      return [...differ, ...same].map(({ path }) => path).filter(Boolean).sort();
    },
    enabled,
    staleTime: 60_000,
  });
}
