import { ChevronRight } from 'lucide-react';
import { memo, useState } from 'react';

import { duration, plural, time } from '@/lib/format';
import type { Step } from '@/types';

import { barOf, durationOf, isCopy, kindOf, stateOf, titleOf, type Axis, type Moment } from '../steps';
import { StepDetails } from './step-details';

interface StepRowProps {
  /** Of its job. */
  id: string;
  step: Step;
  /** Its number among the steps of the job. */
  at: number;
  axis: Axis;
  moment: Moment;
  /** Absent where a redrive from this step is not possible. */
  onRedrive: ((name: string) => void) | undefined;
}

const share = (value: number): string => `${String(value * 100)}%`;
/** The columns of a row and of the head, on wide screens. */
export const columns = 'md:grid-cols-[1rem_minmax(0,11rem)_5.5rem_5rem_4rem_minmax(0,1fr)_5.5rem]';

function Track({ step, axis, moment, waits }: Pick<StepRowProps, 'step' | 'axis' | 'moment'> & { waits: boolean }) {
  const { from, width } = barOf(step, axis, moment);
  return (
    <span aria-hidden className="relative block h-2.5 rounded bg-sunken max-md:col-span-2 max-md:col-start-2">
      <span data-testid="step-bar" className={`absolute inset-y-0 min-w-1 rounded ${waits ? 'hatched ring-1 ring-(--s) ring-inset' : 'bg-(--s)'}`} style={{ left: `min(${share(from)}, calc(100% - 4px))`, width: share(width) }} />
    </span>
  );
}

function Badge({ children }: { children: string }) {
  return <span className="shrink-0 rounded-md border border-line px-1.5 text-2xs text-ink-2">{children}</span>;
}

/** A step in a line, and on demand all about it. */
export const StepRow = memo(function StepRow({ id, step, at, axis, moment, onRedrive }: StepRowProps) {
  const [open, setOpen] = useState(false);
  const state = stateOf(step, moment);
  const took = duration(durationOf(step, moment));
  const waits = step.kind === 'sleep' || step.kind === 'event' || step.kind === 'invoke';
  return (
    <li data-status={state.status} data-testid="step" data-step={titleOf(step)} className="border-t border-line [contain-intrinsic-size:auto_2.5rem] [content-visibility:auto]">
      <details onToggle={(event) => { setOpen(event.currentTarget.open); }}>
        <summary className={`grid list-none grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 px-4 py-2 text-[0.8125rem] hover:bg-hover focus-visible:-outline-offset-2 [&::-webkit-details-marker]:hidden ${columns}`}>
          <ChevronRight aria-hidden className={`size-4 text-ink-3 transition-transform ${open ? 'rotate-90' : ''}`} />
          <span className="flex min-w-0 items-center gap-2">
            <span className="truncate font-medium" title={titleOf(step)}>{titleOf(step)}</span>
            {isCopy(step) ? <Badge>Copy</Badge> : null}
            {step.attempts > 1 ? <Badge>{plural(step.attempts, 'try', 'tries')}</Badge> : null}
          </span>
          <span className="text-ink-2 max-md:hidden">{kindOf(step)}</span>
          <span className="text-xs font-medium text-(--s)">{state.label}</span>
          <time dateTime={step.startedAt} className="num text-xs text-ink-3 max-md:hidden">{time(step.startedAt)}</time>
          <Track step={step} axis={axis} moment={moment} waits={waits} />
          <span className="num text-right text-ink-2 max-md:hidden">{took}</span>
          <span className="num col-span-2 col-start-2 text-xs text-ink-3 md:hidden">{kindOf(step)} · {time(step.startedAt)} · {took}</span>
        </summary>
        {open ? <StepDetails id={id} step={step} at={at} moment={moment} onRedrive={onRedrive} /> : null}
      </details>
    </li>
  );
});
