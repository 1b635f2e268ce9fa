import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { statsKey } from '@/features/jobs/api/get-stats';
import { api } from '@/lib/api-client';
import { plural } from '@/lib/format';
import { toasts } from '@/lib/toasts';
import type { Acted } from '@/types';

import type { DeadTarget } from '../filter';
import { insideKey } from './list-dead';

export type DeadAction = 'redrive' | 'delete';

const done: Record<DeadAction, string> = { redrive: 'queued again', delete: 'deleted' };

/** How many jobs an action would change; none is. */
export function useDeadCount(action: DeadAction, target: DeadTarget) {
  return useQuery({
    queryKey: ['dry-run', action, target],
    queryFn: ({ signal }) => api.post(`/dlq/${action}`, { body: { ...target, dryRun: true }, signal }),
    gcTime: 0,
    staleTime: 0,
  });
}

/** The API takes 1,000 at a time, the oldest first. */
async function actOnAll(action: DeadAction, target: DeadTarget) {
  const total = { changed: 0, failed: [] as { error: string }[] };
  let after: string | null = null;
  do {
    const answer: Acted = await api.post(`/dlq/${action}`, { body: { ...target, after } });
    total.changed += answer.changed;
    total.failed.push(...answer.failed);
    after = answer.nextAfter;
  } while (after !== null);
  return total;
}

export function useActOnDead(action: DeadAction) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (target: DeadTarget) => actOnAll(action, target),
    onSuccess: (result) => {
      const refused = result.failed.length;
      toasts.success(`${plural(result.changed, 'job')} ${done[action]}${refused ? `; ${String(refused)} could not be changed: ${result.failed[0]?.error ?? ''}` : ''}`);
      for (const queryKey of [['dlq'], insideKey, statsKey]) void queries.invalidateQueries({ queryKey });
    },
    onError: toasts.error,
  });
}
