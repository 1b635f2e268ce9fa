import { RotateCw } from 'lucide-react';
import { Link } from 'react-router';

import { Button } from '@/components/button';
import { CopyButton } from '@/components/copy-button';
import { Fact } from '@/components/fact';
import { JsonView } from '@/components/json-view';
import { QueryView } from '@/components/query-view';
import { useScopedLink } from '@/features/session/use-scope';
import { count, dateTime } from '@/lib/format';
import { writeJson } from '@/lib/json';
import { plainText } from '@/lib/plain-text';
import type { Step } from '@/types';

import { useResult } from '../api/get-result';
import { bytes, endOf, isCopy, NOT_ENDED, stateOf, titleOf, type Moment } from '../steps';
import { Countdown } from './countdown';

function Failure({ title, error }: { title: string; error: NonNullable<Step['error']> }) {
  const traceback = plainText(error.traceback ?? '');
  return (
    <div data-testid="step-error" data-status="dlq" className="mt-2">
      <p className="font-mono text-xs font-semibold text-(--s)">{error.type}</p>
      <p className="wrap-anywhere">{plainText(error.message)}</p>
      {traceback ? (
        <div className="relative mt-2">
          {/* A region that scrolls must be reachable by keyboard. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre role="region" tabIndex={0} aria-label={`Traceback of ${title}`} className="max-h-72 overflow-auto rounded-lg bg-sunken p-3 font-mono text-xs leading-5 text-ink-2">{traceback}</pre>
          <span className="absolute top-1 right-1"><CopyButton text={traceback} label={`Copy the traceback of ${title}`} /></span>
        </div>
      ) : null}
    </div>
  );
}

function Until({ step }: { step: Step }) {
  const name = step.status === 'retrying' ? 'Next try' : 'At the latest';
  return <Fact name={name}>{step.until ? <Countdown to={step.until} /> : 'No time limit'}</Fact>;
}

function End({ step, moment }: { step: Step; moment: Moment }) {
  const { open, label } = stateOf(step, moment);
  if (open && (step.status === 'waiting' || step.status === 'retrying')) return <Until step={step} />;
  const end = endOf(step, moment);
  return <Fact name="Ended">{open || label === NOT_ENDED ? '–' : <time dateTime={new Date(end).toISOString()}>{dateTime(end)}</time>}</Fact>;
}

function Result({ id, step, at }: Pick<StepDetailsProps, 'id' | 'step' | 'at'>) {
  const result = useResult(id, step, at);
  const title = titleOf(step);
  return (
    <div data-testid="step-result" className="relative mt-1 rounded-lg bg-sunken">
      <QueryView query={result} skeleton={<div className="skeleton h-9" />}>
        {(value) => <><JsonView value={value} label={`Result of ${title} as JSON`} /><span className="absolute top-1 right-1"><CopyButton text={writeJson(value, 2)} label={`Copy the result of ${title}`} /></span></>}
      </QueryView>
    </div>
  );
}

interface StepDetailsProps {
  /** Of its job. */
  id: string;
  step: Step;
  /** Its number among the steps of the job. */
  at: number;
  moment: Moment;
  onRedrive: ((name: string) => void) | undefined;
}

/** What was recorded of a step. */
export function StepDetails({ id, step, at, moment, onRedrive }: StepDetailsProps) {
  const to = useScopedLink();
  return (
    <div data-testid="step-details" className="px-4 pb-3 pl-11 text-[0.8125rem] max-md:pl-4">
      <dl>
        <Fact name="Started"><time dateTime={step.startedAt}>{dateTime(step.startedAt)}</time></Fact>
        <End step={step} moment={moment} />
        <Fact name="Tries">{step.attempts > 0 ? count(step.attempts) : '–'}</Fact>
        <Fact name="Recorded by">{isCopy(step) ? `Attempt ${String(step.attempt)}, before a redrive, which copied it` : `Attempt ${String(step.attempt)}, version ${String(step.version)} of the task`}</Fact>
        {step.jobId ? <Fact name="Job"><Link to={to(`/jobs/${step.jobId}`)} className="font-mono text-xs text-accent hover:underline">{step.jobId}</Link></Fact> : null}
        <Fact name="Result">{step.resultBytes > 0 ? bytes(step.resultBytes) : 'None'}</Fact>
      </dl>
      {step.resultBytes > 0 ? <Result id={id} step={step} at={at} /> : null}
      {step.error ? <Failure title={titleOf(step)} error={step.error} /> : null}
      {onRedrive ? <Button size="sm" icon={<RotateCw />} className="mt-3" onClick={() => { onRedrive(step.name); }}>Redrive from here</Button> : null}
    </div>
  );
}
