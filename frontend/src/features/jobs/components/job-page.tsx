import { SearchX } from 'lucide-react';
import { useCallback, useState } from 'react';
import { Link, useParams } from 'react-router';

import { Overlay } from '@/components/loadable';
import { Page } from '@/components/page';
import { ProgressBar } from '@/components/progress-bar';
import { QueryView } from '@/components/query-view';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { StatusPill } from '@/components/status-pill';
import { CommentPanel } from '@/features/comments/components/comment-panel';
import { RedriveDialog } from '@/features/dlq/components/redrive-dialog';
import { useHearOwner } from '@/features/live/use-hear-owner';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { useScopedLink } from '@/features/session/use-scope';
import { useSteps } from '@/features/steps/api/list-steps';
import { EventPanel } from '@/features/steps/components/event-panel';
import { SendEventDialog } from '@/features/steps/components/send-event';
import { StepPanel } from '@/features/steps/components/step-panel';
import { WaitPanel } from '@/features/steps/components/wait-panel';
import { takesSteps } from '@/features/steps/steps';
import { useStepPage } from '@/features/steps/use-step-page';
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
import { LargeValue } from './large-value';
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

interface Asked {
  what: 'event' | 'redrive';
  /** Of the event, or of the step to begin with. */
  name: string;
}

function Asking({ job, asked, onClose }: { job: JobDetail; asked: Asked; onClose: () => void }) {
  if (asked.what === 'redrive') return <RedriveDialog id={job._id} from={asked.name} onClose={onClose} />;
  return <Overlay onClose={onClose}><SendEventDialog job={job} name={asked.name} onClose={onClose} /></Overlay>;
}

function Content({ job }: { job: JobDetail }) {
  const [after, showSteps] = useStepPage();
  const steps = useSteps(job, after);
  const [asked, setAsked] = useState<Asked | null>(null);
  const writable = mayChange(useCaller().role);
  const send = writable ? (name: string) => { setAsked({ what: 'event', name }); } : undefined;
  const redrive = useCallback((name: string) => { setAsked({ what: 'redrive', name }); }, []);
  const durable = after > 0 || takesSteps(job, steps.data);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="flex min-w-0 flex-col gap-4">
        <Progress job={job} />
        <NodeNote job={job} />
        <WaitPanel job={job} onSend={send} />
        <BlockedBy job={job} />
        <RelatedJobs job={job} />
        <ErrorPanel job={job} />
        {durable ? <StepPanel job={job} steps={steps} after={after} onPage={showSteps} onRedrive={writable ? redrive : undefined} /> : null}
        <AttemptTimeline job={job} />
        <LogPanel id={job._id} />
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <JobFacts job={job} />
        {durable ? <EventPanel job={job} steps={steps.data} onSend={send} /> : null}
        <CommentPanel key={job._id} subject={{ job: job._id }} />
        <PayloadPanel job={job} />
        <JsonPanel title="Result" value={job.result} instead={job.resultTruncated ? <LargeValue what="result" bytes={job.resultBytes} url={job.resultUrl} redacted={job.redacted.length > 0} /> : null} />
      </div>
      {asked ? <Asking job={job} asked={asked} onClose={() => { setAsked(null); }} /> : null}
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
