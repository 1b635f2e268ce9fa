import type { QueryClient } from '@tanstack/react-query';

import { drafts } from '@/lib/drafts';
import { secrets } from '@/lib/secrets';
import { jobBook } from '@/live/job-book';
import { startedAt } from '@/live/live-store';

/** Forgets what the former user read and wrote in this tab. */
export function forget(queries: QueryClient): void {
  jobBook.clear();
  drafts.clear();
  secrets.clear();
  startedAt.forget();
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
}
