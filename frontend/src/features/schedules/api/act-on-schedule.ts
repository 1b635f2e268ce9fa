import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import { schedulesKey } from './list-schedules';

export type ScheduleAction = 'pause' | 'resume' | 'run' | 'delete';

interface Act {
  name: string;
  tenant: string;
  action: ScheduleAction;
}

const done: Record<ScheduleAction, string> = { pause: 'paused. Its open jobs continue.', resume: 'resumed', run: 'makes a job now', delete: 'deleted. Its jobs are kept.' };

function send({ name, tenant, action }: Act): Promise<unknown> {
  const options = { path: { name }, query: tenant ? { tenant } : {} };
  if (action === 'delete') return api.delete('/schedules/{name}', options);
  if (action === 'run') return api.post('/schedules/{name}/run', options);
  return action === 'pause' ? api.post('/schedules/{name}/pause', options) : api.post('/schedules/{name}/resume', options);
}

export function useActOnSchedule() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: (_answer, { name, action }) => {
      toasts.success(`Schedule ${name} ${done[action]}`);
      if (action !== 'delete') void queries.invalidateQueries({ queryKey: schedulesKey });
      else void queries.invalidateQueries({ queryKey: [...schedulesKey, 'list'] });
    },
    onError: toasts.error,
  });
}
