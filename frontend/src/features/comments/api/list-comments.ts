import { useInfiniteQuery } from '@tanstack/react-query';

import { api } from '@/lib/api-client';

import { subjectKey, type Subject } from '../subject';

export const commentsKey = ['comments'] as const;
const LIMIT = 20;

const read = (subject: Subject, cursor: string, signal: AbortSignal) => {
  const query = { limit: LIMIT, ...(cursor && { cursor }) };
  if ('job' in subject) return api.get('/job/{id}/comments', { path: { id: subject.job }, query, signal });
  const { group, tenant } = subject;
  return api.get('/dlq/groups/{name}/comments', { path: { name: group }, query: { ...query, ...(tenant && { tenant }) }, signal });
};

/** Comments, the newest first; further pages on demand. */
export function useComments(subject: Subject) {
  return useInfiniteQuery({
    queryKey: [...commentsKey, subjectKey(subject)],
    queryFn: ({ signal, pageParam }) => read(subject, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });
}
