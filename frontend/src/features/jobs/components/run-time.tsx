import { duration, wholeDuration } from '@/lib/format';
import { useNow } from '@/lib/use-now';
import type { Job } from '@/types';

function Running({ since }: { since: string }) {
  const now = useNow();
  return <>{wholeDuration(Math.max(0, now - Date.parse(since)))}</>;
}

/** How long the last attempt ran, or runs by now. */
export function RunTime({ job }: { job: Job }) {
  if (!job.startedAt) return <>–</>;
  if (job.status === 'running') return <Running since={job.startedAt} />;
  return <>{job.finishedAt ? duration(Date.parse(job.finishedAt) - Date.parse(job.startedAt)) : '–'}</>;
}
