import { useQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import { jobBook } from '@/live/job-book';

export const jobKey = (id: string) => ['job', id] as const;

export function useJob(id: string) {
  return useQuery({
    queryKey: jobKey(id),
    queryFn: async ({ signal }) => {
      const { job } = await api.get('/job/{id}', { path: { id }, signal });
      return jobBook.newest(job);
    },
  });
}
