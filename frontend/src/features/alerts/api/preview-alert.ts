import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import type { AlertCondition } from '@/types';

/** What a rule would measure now; `null` while it is not complete. */
export function useAlertPreview(condition: AlertCondition | null) {
  return useQuery({
    queryKey: ['alert-preview', condition],
    queryFn: async ({ signal }) => (await api.post('/alerts/preview', { body: condition ?? { kind: 'queue_age', threshold: 1 }, signal })).preview,
    enabled: condition !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 5_000,
  });
}
