import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

import type { When } from '../schedule-form';

/** A timing in words and its next fires; `null` while nothing is written. */
export function usePreview(when: When | null) {
  return useQuery({
    queryKey: ['schedule-preview', when],
    queryFn: ({ signal }) => api.post('/schedules/preview', { body: when ?? { tz: 'UTC' }, signal }),
    enabled: when !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 10_000,
  });
}
