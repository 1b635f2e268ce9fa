import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { plural } from '@/lib/format';
import { toasts } from '@/lib/toasts';
import type { Acted } from '@/types';

import type { Action, Target } from '../targets';
import { statsKey } from './get-stats';
import { jobsKey } from './list-jobs';

const done: Record<Action, string> = { cancel: 'cancelled or asked to stop', retry: 'queued again', delete: 'deleted' };

/** How many jobs an action would change; none is. */
export function useDryRun(action: Action, target: Target | null) {
  return useQuery({
    queryKey: ['dry-run', action, target],
    queryFn: ({ signal }) => api.post('/job/actions', { body: { action, ...target, dryRun: true }, signal }),
    enabled: target !== null,
    gcTime: 0,
    staleTime: 0,
  });
}

interface Outcome {
  changed: number;
  refused: number;
}

/** The API acts on 1,000 at a time, the oldest first. */
async function actOnAll(action: Action, target: Target): Promise<Outcome> {
  const total: Outcome = { changed: 0, refused: 0 };
  let after: string | null = null;
  do {
    const answer: Acted = await api.post('/job/actions', { body: { action, ...target, after } });
    total.changed += answer.changed;
    total.refused += answer.failed.length;
    after = answer.nextAfter;
  } while (after !== null);
  return total;
}

export function useActOnJobs() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ action, target }: { action: Action; target: Target }) => actOnAll(action, target),
    onSuccess: ({ changed, refused }, { action }) => {
      toasts.success(`${plural(changed, 'job')} ${done[action]}${refused ? `; ${String(refused)} could not be changed` : ''}`);
      void queries.invalidateQueries({ queryKey: jobsKey });
      void queries.invalidateQueries({ queryKey: statsKey });
    },
    onError: toasts.error,
  });
}
