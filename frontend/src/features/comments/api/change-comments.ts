import { useMutation, useQueryClient } from '@tanstack/react-query';

import { insideKey } from '@/features/dlq/api/list-dead';
import { api } from '@/lib/api-client';
import { toasts } from '@/lib/toasts';

import type { Subject } from '../subject';
import { commentsKey } from './list-comments';

function useReread() {
  const queries = useQueryClient();
  // The DLQ counts them.
  return () => { for (const queryKey of [commentsKey, ['dlq'], insideKey]) void queries.invalidateQueries({ queryKey }); };
}

export function useAddComment(subject: Subject) {
  const reread = useReread();
  return useMutation({
    mutationFn: (text: string) => {
      if ('job' in subject) return api.post('/job/{id}/comments', { path: { id: subject.job }, body: { text } });
      const { group, tenant } = subject;
      return api.post('/dlq/groups/{name}/comments', { path: { name: group }, query: tenant ? { tenant } : {}, body: { text } });
    },
    onSuccess: reread,
  });
}

export function useDeleteComment() {
  const reread = useReread();
  return useMutation({
    mutationFn: (id: string) => api.delete('/comments/{id}', { path: { id } }),
    onSuccess: () => {
      toasts.success('Comment deleted');
      reread();
    },
    onError: toasts.error,
  });
}
