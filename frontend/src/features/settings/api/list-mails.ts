import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

const REFRESH_MS = 5_000;

/** The mails of the local stack. A deployment answers 404. */
export function useMails() {
  return useQuery({ queryKey: ['mails'], queryFn: async ({ signal }) => (await api.get('/outbox', { signal })).mails, refetchInterval: REFRESH_MS, retry: false });
}
