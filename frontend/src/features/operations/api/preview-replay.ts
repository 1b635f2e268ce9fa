import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { api } from '@/lib/api-client';
import type { BulkRequest } from '@/types';

const QUIET_MS = 400;

/** The value once it has not changed for a moment. */
function useQuiet<T>(value: T): T {
  const [quiet, setQuiet] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => { setQuiet(JSON.parse(text) as T); }, QUIET_MS);
    return () => { clearTimeout(timer); };
  }, [text]);
  return quiet;
}

/** How many jobs an operation would replay, and the payloads of the oldest; nothing is replayed. */
export function useReplayPreview(request: BulkRequest | null) {
  const asked = useQuiet(request);
  return useQuery({
    queryKey: ['dry-run', 'replay', asked],
    queryFn: async ({ signal }) => {
      if (asked === null) throw new Error('Nothing to ask');
      const answer = await api.post('/operations', { body: { ...asked, dryRun: true }, signal });
      if ('operation' in answer) throw new Error('The API started it');
      return answer;
    },
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
    staleTime: 0,
  });
}
