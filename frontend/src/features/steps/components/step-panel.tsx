import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';

import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { StaleBadge } from '@/components/stale-badge';
import { count, duration, plural, time } from '@/lib/format';
import { isTerminal } from '@/lib/status';
import { useNow } from '@/lib/use-now';
import type { JobDetail, Step, Steps } from '@/types';

import { axisOf, isCopy, stateOf, type Moment } from '../steps';
import { StepPages } from './step-pages';
import { columns, StepRow } from './step-row';

interface StepPanelProps {
  job: JobDetail;
  steps: UseQueryResult<Steps>;
  after: number;
  onPage: (after: number) => void;
  /** Absent where the user may redrive none. */
  onRedrive: ((name: string) => void) | undefined;
}

/** The time at which the steps are looked at; it moves only while one of them is open. */
function useMoment(job: JobDetail, steps: Step[]): Moment {
  const ended = isTerminal(job.status);
  const open = !ended && steps.some(({ endedAt }) => endedAt === null);
  const now = useNow(open);
  const at = ended && job.finishedAt ? Date.parse(job.finishedAt) : now;
  return useMemo(() => ({ at, ended }), [at, ended]);
}

const heads = ['Step', 'Kind', 'State', 'Started', 'Duration'] as const;

function Head() {
  return (
    <div aria-hidden className={`mt-1 grid gap-x-3 px-4 py-1.5 text-xs font-medium text-ink-3 max-md:hidden ${columns}`}>
      <span />{heads.map((head) => <span key={head} className={head === 'Duration' ? 'col-start-7 text-right' : ''}>{head}</span>)}
    </div>
  );
}

function Copies({ steps }: { steps: Step[] }) {
  const copies = steps.filter(isCopy).length;
  if (copies === 0) return null;
  return <p data-testid="copies" className="px-4 pt-1 text-xs text-ink-3">{copies === steps.length ? 'All of them are copies' : plural(copies, 'step is a copy', 'steps are copies')}: recorded before the redrive, which kept {copies === 1 ? 'it' : 'them'}, and not run again.</p>;
}

function Rows({ job, steps, after, onRedrive }: Pick<StepPanelProps, 'job' | 'after' | 'onRedrive'> & { steps: Step[] }) {
  const moment = useMoment(job, steps);
  const axis = useMemo(() => axisOf(steps, moment), [steps, moment]);
  const open = steps.filter((step) => stateOf(step, moment).open).length;
  // A node is redriven by its workflow, from its beginning.
  const redrive = job.status === 'dlq' && !job.workflow ? onRedrive : undefined;
  return (
    <>
      <p className="num px-4 text-xs text-ink-3">From <time dateTime={new Date(axis.fromMs).toISOString()}>{time(axis.fromMs)}</time> on, {duration(axis.spanMs)} from side to side{open > 0 ? `; ${count(open)} not ended` : ''}.</p>
      <Copies steps={steps} />
      <a href="#after-steps" className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:m-2 focus:rounded-lg focus:bg-primary focus:px-3 focus:py-2 focus:text-on-primary">Skip the steps</a>
      <Head />
      <ol aria-label="Steps">
        {steps.map((step, index) => <StepRow key={`${String(step.n)} ${step.name}`} id={job._id} step={step} at={after + index} axis={axis} moment={moment} onRedrive={redrive} />)}
      </ol>
    </>
  );
}

/** The steps of a durable job on one axis of time, a page of them at a time. */
export function StepPanel({ job, steps, after, onPage, onRedrive }: StepPanelProps) {
  return (
    <Section title="Steps" aside={<StaleBadge query={steps} />}>
      <QueryView query={steps} skeleton={<div className="skeleton m-4 h-32" />}>
        {(page) => (
          <>
            <div className={steps.isPlaceholderData ? 'opacity-55' : undefined}>
              {page.steps.length > 0 ? <Rows job={job} steps={page.steps} after={after} onRedrive={onRedrive} /> : <p className="px-4 pt-1 pb-3 text-ink-3">{after > 0 ? 'There are no steps from this number on.' : 'None was recorded yet.'}</p>}
            </div>
            <StepPages id={job._id} after={after} shown={steps.isPlaceholderData ? null : page.steps.length} hasMore={page.nextAfter !== null} onPage={onPage} />
          </>
        )}
      </QueryView>
      <div id="after-steps" tabIndex={-1} className="scroll-mt-20 outline-none" />
    </Section>
  );
}
