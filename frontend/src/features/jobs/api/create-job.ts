import { useMutation } from '@tanstack/react-query';

import { api } from '@/lib/api-client';
import type { NewJob } from '@/types';

export function useCreateJob() {
  return useMutation({
    mutationFn: (job: NewJob) => api.post('/job/create', { body: job }),
  });
}
