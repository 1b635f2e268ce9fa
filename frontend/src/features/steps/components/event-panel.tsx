import { Send } from 'lucide-react';

import { Button } from '@/components/button';
import { Section } from '@/components/page';
import { dateTime } from '@/lib/format';
import { isTerminal } from '@/lib/status';
import { eventsAwaited } from '@/lib/waits';
import type { JobDetail, StepEvent, Steps } from '@/types';

import { titleOf } from '../steps';

/** The API lists so many, the oldest ones. */
const MOST = 100;

function fate({ step, n }: StepEvent, ended: boolean): string {
  if (step !== null) return `Taken by ${titleOf({ name: step, n: n ?? 1 })}`;
  return ended ? 'Came too late: no step took it' : 'No step has taken it yet';
}

interface EventPanelProps {
  job: JobDetail;
  steps: Pick<Steps, 'events'> | undefined;
  /** Absent where the user may send none. */
  onSend: ((name: string) => void) | undefined;
}

/** The events that a durable job was sent, and what became of them. */
export function EventPanel({ job, steps, onSend }: EventPanelProps) {
  const ended = isTerminal(job.status);
  const events = steps?.events ?? [];
  if (ended && events.length === 0) return null;
  const send = ended || !onSend ? null : <Button size="sm" icon={<Send />} onClick={() => { onSend(eventsAwaited(job)[0] ?? ''); }}>Send event</Button>;
  return (
    <Section title="Events" aside={send}>
      {events.length === 0 ? <p className="px-4 pt-1 pb-3 text-ink-3">None was sent.</p> : (
        <ul aria-label="Events" className="mt-1 max-h-72 overflow-y-auto pb-1 text-[0.8125rem]">
          {events.map((event) => (
            <li key={event._id} data-testid="event" className="border-t border-line px-4 py-2">
              <p className="font-medium wrap-anywhere">{event.name}</p>
              <p className="num text-xs text-ink-3"><time dateTime={event.at}>{dateTime(event.at)}</time></p>
              <p className={`text-xs wrap-anywhere ${event.step === null ? 'text-retrying' : 'text-ink-2'}`}>{fate(event, ended)}</p>
            </li>
          ))}
        </ul>
      )}
      {events.length >= MOST ? <p className="border-t border-line px-4 py-2 text-xs text-ink-3">The first {MOST}; there may be more.</p> : null}
    </Section>
  );
}
