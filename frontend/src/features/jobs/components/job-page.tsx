import { SearchX } from 'lucide-react';
import { Link, useParams } from 'react-router';

import { Page } from '@/components/page';
import { ProgressBar } from '@/components/progress-bar';
import { QueryView } from '@/components/query-view';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { StatusPill } from '@/components/status-pill';
import { useHearOwner } from '@/features/live/use-hear-owner';
import { useScopedLink } from '@/features/session/use-scope';
import { ApiError } from '@/lib/api-client';
import { plainText } from '@/lib/plain-text';
import type { JobDetail } from '@/types';

import { useJob } from '../api/get-job';
import { AttemptTimeline } from './attempt-timeline';
import { BlockedBy } from './blocked-by';
import { ErrorPanel } from './error-panel';
import { JobActions } from './job-actions';
import { JobFacts } from './job-facts';
import { JsonPanel } from './json-panel';
import { LogPanel } from './log-panel';
import { NodeNote } from './node-note';
import { PayloadPanel } from './payload-panel';
import { RelatedJobs } from './related-jobs';

function Progress({ job }: { job: JobDetail }) {
  if (job.status !== 'running' || !job.progress) return null;
  return (
    <section aria-label="Progress" className="card flex flex-col gap-2 px-4 py-3">
      <p className="num flex justify-between gap-3"><span className="min-w-0 truncate text-ink-2">{plainText(job.progress.message) || 'Running'}</span><b className="font-semibold">{Math.round(job.progress.percent)}%</b></p>
      <ProgressBar percent={job.progress.percent} label="Progress" />
    </section>
  );
}

function Content({ job }: { job: JobDetail }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="flex min-w-0 flex-col gap-4">
        <Progress job={job} />
        <NodeNote job={job} />
        <BlockedBy job={job} />
        <RelatedJobs job={job} />
        <ErrorPanel job={job} />
        <AttemptTimeline job={job} />
        <LogPanel id={job._id} />
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <JobFacts job={job} />
        <PayloadPanel job={job} />
        <JsonPanel title="Result" value={job.result} />
      </div>
    </div>
  );
}

export function Component() {
  const { id = '' } = useParams();
  const job = useJob(id);
  const link = useScopedLink();
  useHearOwner(job.data);
  if (job.error instanceof ApiError && [400, 404].includes(job.error.status)) {
    return <Page title="Job"><EmptyState icon={SearchX} title="This job does not exist" action={<Link to={link('/')} className="text-accent hover:underline">Go to jobs</Link>}>It was deleted, or belongs to someone else.</EmptyState></Page>;
  }
  return (
    <Page
      title={job.data?.name ?? 'Job'}
      aside={job.data ? <><StatusPill status={job.data.status} cancelling={job.data.cancelRequested} /><StaleBadge query={job} /></> : null}
      actions={job.data ? <JobActions job={job.data} /> : null}
    >
      <QueryView query={job} skeleton={<div className="grid gap-4 lg:grid-cols-[1fr_22rem]"><div className="card skeleton h-80" /><div className="card skeleton h-80" /></div>}>
        {(data) => <Content job={data} />}
      </QueryView>
    </Page>
  );
}
