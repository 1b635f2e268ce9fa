import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { CopyButton } from '@/components/copy-button';
import { Section } from '@/components/page';
import { useScopedLink } from '@/features/session/use-scope';
import { dateTime, duration } from '@/lib/format';
import type { JobDetail } from '@/types';

import { TraceLink } from './trace-link';
import { Whose } from './whose';

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-8 items-center gap-3">
      <dt className="w-28 shrink-0 text-ink-3">{name}</dt>
      <dd className="num flex min-w-0 flex-1 items-center gap-1 break-words">{children}</dd>
    </div>
  );
}

const At = ({ at }: { at: string | null }) => (at ? <time dateTime={at}>{dateTime(at)}</time> : <>–</>);
const link = 'text-accent hover:underline';
/** Breaks also a long name without spaces. */
const words = 'min-w-0 wrap-anywhere';
const mono = 'min-w-0 flex-1 truncate font-mono text-xs';

/** How it is unique, and what it waits for. */
function Unique({ job }: { job: JobDetail }) {
  const to = useScopedLink();
  if (!job.unique) return null;
  const { key, onConflict, periodS, maxWaitS } = job.unique;
  const rule = [
    onConflict.replace('_', ' '),
    ...(periodS ? [`per ${duration(periodS * 1000)}`] : []),
    ...(maxWaitS ? [`at most ${duration(maxWaitS * 1000)}`] : []),
  ].join(', ');
  return (
    <>
      <Fact name="Unique key"><span className={mono} title={key} data-testid="unique-key">{key}</span><CopyButton text={key} label="Copy the unique key" /></Fact>
      <Fact name="Duplicates">{rule}</Fact>
      {job.runsAfter ? <Fact name="Runs after"><Link className={`${mono} ${link}`} to={to(`/jobs/${job.runsAfter}`)}>{job.runsAfter}</Link></Fact> : null}
    </>
  );
}

/** The node of a workflow, or the batch, that it belongs to. The jobs of a map are a batch of their node. */
function PartOf({ job: { workflow, batchId } }: { job: JobDetail }) {
  const to = useScopedLink();
  if (workflow) {
    return (
      <Fact name="Workflow">
        <Link className={`${link} ${words}`} to={to(`/workflows/${workflow._id}`, { node: workflow.node })}>Node {workflow.node}</Link>
        {workflow.index === null ? null : <span className="shrink-0">, item {workflow.index}</span>}
      </Fact>
    );
  }
  return batchId ? <Fact name="Batch"><Link className={`${mono} ${link}`} to={to(`/batches/${batchId}`)}>{batchId}</Link></Fact> : null;
}

export function JobFacts({ job }: { job: JobDetail }) {
  const to = useScopedLink();
  return (
    <Section title="Details">
      <dl className="px-4 pt-1 pb-3 text-[0.8125rem]">
        <Fact name="Id"><span className={mono}>{job._id}</span><CopyButton text={job._id} label="Copy the id" /></Fact>
        <Fact name="Trace"><Link className={`${mono} ${link}`} to={to('/', { trace: job.traceId })} title={`All jobs of the trace ${job.traceId}`} data-testid="trace-id">{job.traceId}</Link><CopyButton text={job.traceId} label="Copy the trace id" />{job.traceUrl ? <TraceLink href={job.traceUrl} label="Open the trace of the submission" /> : null}</Fact>
        <Whose of={job} />
        <PartOf job={job} />
        {job.schedule ? <Fact name="Schedule"><Link className={`${link} ${words}`} to={to(`/schedules/${job.schedule}`)}>{job.schedule}</Link></Fact> : null}
        <Fact name="Task"><Link className={`${link} ${words}`} to={to('/', { task: job.task })}>{job.task}</Link></Fact>
        <Fact name="Queue"><Link className={`${link} ${words}`} to={to('/', { queue: job.queue })}>{job.queue}</Link></Fact>
        {job.pool === undefined ? null : <Fact name="Pool">{job.pool}</Fact>}
        <Fact name="Tags">{job.tags.length === 0 ? '–' : <span className="flex flex-wrap gap-1">{job.tags.map((tag) => <Link key={tag} to={to('/', { tag })} className="rounded-md border border-line px-1.5 text-xs wrap-anywhere hover:bg-hover">{tag}</Link>)}</span>}</Fact>
        <Unique job={job} />
        {job.redacted.length > 0 ? <Fact name="Redacted"><span className="min-w-0 font-mono text-xs wrap-anywhere" title="Paths in payload and result whose values nobody is shown">{job.redacted.join(', ')}</span></Fact> : null}
        <Fact name="Priority">{job.priority}</Fact>
        <Fact name="Attempts">{job.attempt} started, {job.retryCount} of {job.maxRetries} retries used</Fact>
        {job.redrives > 0 ? <Fact name="Redriven">{job.redrives} ×</Fact> : null}
        <Fact name="Timeout">{duration(job.timeoutS * 1000)}</Fact>
        <Fact name="Created"><At at={job.con} /></Fact>
        {job.runAt ? <Fact name="Run at"><At at={job.runAt} /></Fact> : null}
        {job.status === 'retrying' ? <Fact name="Next attempt"><At at={job.readyAt} /></Fact> : null}
        <Fact name="Started"><At at={job.startedAt} /></Fact>
        <Fact name="Finished"><At at={job.finishedAt} /></Fact>
        {job.expiresAt ? <Fact name="Kept until"><At at={job.expiresAt} /></Fact> : null}
      </dl>
    </Section>
  );
}
