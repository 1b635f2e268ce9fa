import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';
import type { WorkspaceSettings } from '@/types';

const workspaceKey = ['workspace-settings'] as const;

/** The settings in force, their defaults and maxima. */
export function useWorkspace() {
  return useQuery({ queryKey: workspaceKey, queryFn: ({ signal }) => api.get('/tenant/settings', { signal }) });
}

/** Values to change; null goes back to the default. */
export type WorkspaceChange = { [Name in keyof WorkspaceSettings]?: number | null };

export function useChangeWorkspace() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: WorkspaceChange) => api.put('/tenant/settings', { body }),
    onSuccess: (answer) => {
      queries.setQueryData(workspaceKey, answer);
      toasts.success('Settings saved');
    },
  });
}
