import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

export const alertsKey = ['alerts'] as const;
/** Values change with each evaluation, states by events. */
const REFRESH_MS = 15_000;

export function useAlerts() {
  return useQuery({ queryKey: [...alertsKey, 'rules'], queryFn: ({ signal }) => api.get('/alerts', { signal }), refetchInterval: REFRESH_MS });
}
