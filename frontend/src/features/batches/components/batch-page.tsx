import { ListTree, SearchX } from 'lucide-react';
import { Link, useParams } from 'react-router';

import { CopyButton } from '@/components/copy-button';
import { Fact } from '@/components/fact';
import { Page, Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { GroupPill, StatusPill } from '@/components/status-pill';
import { Whose } from '@/features/jobs/components/whose';
import { cardStatuses } from '@/features/jobs/filter';
import { useJob } from '@/features/jobs/api/get-job';
import { useHearOwner } from '@/features/live/use-hear-owner';
import { useScopedLink } from '@/features/session/use-scope';
import { ApiError } from '@/lib/api-client';
import { count, dateTime, percent } from '@/lib/format';
import type { JobBatch } from '@/types';

import { useBatch } from '../api/get-batch';
import { endedOf, sharesOf } from '../progress';
import { CancelBatch } from './cancel-batch';
import { SharesBar } from './shares-bar';

const link = 'text-accent hover:underline';

/** The states of jobs behind each number, for the list of jobs. */
const statusesOf: Record<string, string> = { completed: 'completed', dlq: 'dlq', cancelled: 'cancelled', running: 'running', pending: cardStatuses.pending.join() };

function ProgressCard({ batch }: { batch: JobBatch }) {
  const to = useScopedLink();
  const share = batch.total === 0 ? 1 : endedOf(batch) / batch.total;
  return (
    <Section title="Progress" aside={<Link to={to('/', { batch: batch._id })} className={`inline-flex items-center gap-1.5 text-[0.8125rem] ${link}`}><ListTree aria-hidden className="size-4" />All jobs</Link>}>
      <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
        <p className="num flex items-baseline gap-2"><b data-testid="share" className="text-2xl font-semibold">{percent(share)}</b><span className="text-ink-2">of {count(batch.total)} jobs ended</span></p>
        <SharesBar progress={batch} label="Progress" />
        <ul className="flex flex-wrap gap-x-5 gap-y-2">
          {sharesOf(batch).map(({ status, label, jobs }) => (
            <li key={status} data-status={status} data-testid={`jobs-${status}`}>
              <Link to={to('/', { batch: batch._id, status: statusesOf[status] ?? status })} className="inline-flex items-center gap-1.5 hover:underline">
                <span aria-hidden className="size-2 rounded-full bg-(--s)" />{label} <b className="num font-semibold">{count(jobs)}</b>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </Section>
  );
}

function Callback({ id, when }: { id: string; when: string }) {
  const to = useScopedLink();
  const job = useJob(id).data;
  return (
    <li data-testid="callback" className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 leading-7">
      <span className="w-36 shrink-0 text-ink-3">{when}</span>
      <Link to={to(`/jobs/${id}`)} className={`min-w-0 truncate ${link}`}>{job?.name ?? `Job ${id.slice(-6)}`}</Link>
      {job ? <StatusPill status={job.status} cancelling={job.cancelRequested} /> : null}
    </li>
  );
}

/** The jobs that the batch submitted when it ended. */
function Callbacks({ batch }: { batch: JobBatch }) {
  if (!batch.onComplete && !batch.onSuccess) return null;
  return (
    <Section title="Jobs that followed">
      <ul className="flex flex-col gap-1 px-4 pt-1 pb-3 text-[0.8125rem]">
        {batch.onComplete ? <Callback id={batch.onComplete} when="After its end" /> : null}
        {batch.onSuccess ? <Callback id={batch.onSuccess} when="After its success" /> : null}
      </ul>
    </Section>
  );
}

function Facts({ batch }: { batch: JobBatch }) {
  const to = useScopedLink();
  return (
    <Section title="Details">
      <dl className="px-4 pt-1 pb-3 text-[0.8125rem]">
        <Fact name="Id"><span className="flex items-center gap-1"><span className="min-w-0 flex-1 truncate font-mono text-xs">{batch._id}</span><CopyButton text={batch._id} label="Copy the id" /></span></Fact>
        <Fact name="Trace"><Link className={`block truncate font-mono text-xs ${link}`} to={to('/', { trace: batch.traceId })} title={`All jobs of the trace ${batch.traceId}`}>{batch.traceId}</Link></Fact>
        <Whose of={batch} />
        <Fact name="Created"><time dateTime={batch.con}>{dateTime(batch.con)}</time></Fact>
        <Fact name="Ended">{batch.finishedAt ? <time dateTime={batch.finishedAt}>{dateTime(batch.finishedAt)}</time> : '–'}</Fact>
      </dl>
    </Section>
  );
}

export function Component() {
  const { id = '' } = useParams();
  const batch = useBatch(id);
  const to = useScopedLink();
  useHearOwner(batch.data);
  if (batch.error instanceof ApiError && [400, 404].includes(batch.error.status)) {
    return <Page title="Batch"><EmptyState icon={SearchX} title="This batch does not exist" action={<Link to={to('/batches')} className={link}>Go to batches</Link>}>It has expired, or belongs to someone else.</EmptyState></Page>;
  }
  return (
    <Page
      title={batch.data?.name ?? 'Batch'}
      aside={batch.data ? <><GroupPill state={batch.data.status} cancelling={batch.data.cancelRequested} /><StaleBadge query={batch} /></> : null}
      actions={batch.data ? <CancelBatch batch={batch.data} /> : null}
    >
      <QueryView query={batch} skeleton={<div className="grid gap-4 lg:grid-cols-[1fr_24rem]"><div className="card skeleton h-48" /><div className="card skeleton h-48" /></div>}>
        {(known) => (
          <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
            <div className="flex min-w-0 flex-col gap-4"><ProgressCard batch={known} /><Callbacks batch={known} /></div>
            <Facts batch={known} />
          </div>
        )}
      </QueryView>
    </Page>
  );
}
