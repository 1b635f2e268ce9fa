import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import type { PutSchedule } from '@/types';

import { schedulesKey } from './list-schedules';

interface Put {
  name: string;
  tenant: string;
  schedule: PutSchedule;
}

export function usePutSchedule() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ name, tenant, schedule }: Put) => (await api.put('/schedules/{name}', { path: { name }, query: tenant ? { tenant } : {}, body: schedule })).schedule,
    onSuccess: () => { void queries.invalidateQueries({ queryKey: schedulesKey }); },
  });
}
