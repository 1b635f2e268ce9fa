import { Link } from 'react-router';

import { Section } from '@/components/page';
import { StatusPill } from '@/components/status-pill';
import { useScopedLink } from '@/features/session/use-scope';
import { conditions } from '@/lib/run-if';
import type { JobDetail } from '@/types';

type Related = JobDetail['needs'][number];

function Jobs({ jobs, testId }: { jobs: Related[]; testId: string }) {
  const to = useScopedLink();
  return (
    <ul className="flex max-h-72 flex-col gap-1.5 overflow-y-auto px-4 pt-1 pb-3 text-[0.8125rem]">
      {jobs.map((job) => (
        <li key={job._id} data-testid={testId} className="flex min-w-0 items-center justify-between gap-3">
          {job.status === null ? <span className="truncate text-ink-3">Deleted job {job._id}</span> : <Link to={to(`/jobs/${job._id}`)} className="min-w-0 truncate text-accent hover:underline">{job.name ?? job._id}</Link>}
          {job.status === null ? null : <StatusPill status={job.status} />}
        </li>
      ))}
    </ul>
  );
}

/** The jobs for whose ends this one waits, those that wait for its end, its origin and its replays. */
export function RelatedJobs({ job }: { job: JobDetail }) {
  return (
    <>
      {job.runIf === null ? null : (
        <Section title="Depends on">
          <p className="px-4 text-xs text-ink-3">{conditions[job.runIf]}</p>
          <Jobs jobs={job.needs} testId="need" />
        </Section>
      )}
      {job.dependents.length === 0 ? null : (
        <Section title={job.moreDependents ? 'Jobs that depend on it (the first 100)' : 'Jobs that depend on it'}>
          <Jobs jobs={job.dependents} testId="dependent" />
        </Section>
      )}
      {job.origin === null ? null : <Section title="Replay of"><Jobs jobs={[job.origin]} testId="origin" /></Section>}
      {job.replays.length === 0 ? null : (
        <Section title={job.moreReplays ? 'Replays (the newest 20)' : 'Replays'}>
          <Jobs jobs={job.replays} testId="replay" />
        </Section>
      )}
    </>
  );
}
