import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { plural } from '@/lib/format';
import { toasts } from '@/lib/toasts';
import type { RedriveTarget } from '../filter';

/** How many jobs would be redriven; none is. */
export function useRedriveCount(target: RedriveTarget) {
  return useQuery({
    queryKey: ['dry-run', 'redrive', target],
    queryFn: ({ signal }) => api.post('/dlq/redrive', { body: { ...target, dry_run: true }, signal }),
    gcTime: 0,
    staleTime: 0,
  });
}

/** The API redrives 1,000 at a time: asks again while that gets somewhere. */
async function redriveAll(target: RedriveTarget) {
  const total = { changed: 0, failed: [] as { error: string }[] };
  let left = true;
  while (left) {
    const { matched, changed, failed } = await api.post('/dlq/redrive', { body: target });
    total.changed += changed;
    total.failed.push(...failed);
    left = !('ids' in target) && changed > 0 && matched > changed + failed.length;
  }
  return total;
}

export function useRedrive() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: redriveAll,
    onSuccess: (result) => {
      const refused = result.failed.length;
      toasts.success(`${plural(result.changed, 'job')} queued again${refused ? `, ${String(refused)} could not be: ${result.failed[0]?.error ?? ''}` : ''}`);
      void queries.invalidateQueries({ queryKey: ['dlq'] });
    },
    onError: toasts.error,
  });
}
