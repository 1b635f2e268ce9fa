import { Send } from 'lucide-react';
import { Link } from 'react-router';

import { Button } from '@/components/button';
import { Section } from '@/components/page';
import { useScopedLink } from '@/features/session/use-scope';
import { eventsAwaited, jobsAwaited } from '@/lib/waits';
import type { JobDetail } from '@/types';

import { Countdown } from './countdown';

interface WaitPanelProps {
  job: JobDetail;
  /** Absent where the user may send none. */
  onSend: ((name: string) => void) | undefined;
}

const line = 'flex min-h-9 min-w-0 flex-wrap items-center gap-x-3 gap-y-1';

function Until({ job }: { job: JobDetail }) {
  if (job.waitsFor?.length) return <p className="text-ink-2">At the latest it continues on <Countdown to={job.readyAt} />.</p>;
  if (job.attempts.at(-1)?.outcome === 'continued') return <p>Another function, since its next step did not fit into the time left of the last one.</p>;
  return <p>A time: <Countdown to={job.readyAt} />.</p>;
}

/** What ends the wait of a waiting job, and when it ends at the latest. */
export function WaitPanel({ job, onSend }: WaitPanelProps) {
  const to = useScopedLink();
  if (job.status !== 'waiting') return null;
  return (
    <Section title="Waiting for">
      <div data-testid="waits" className="px-4 pt-1 pb-3">
        <ul>
          {eventsAwaited(job).map((name) => (
            <li key={name} className={line}>
              <span className="min-w-0 wrap-anywhere">The event <b className="font-semibold">{name}</b></span>
              {onSend ? <Button size="sm" icon={<Send />} aria-label={`Send event ${name}`} onClick={() => { onSend(name); }}>Send event</Button> : null}
            </li>
          ))}
          {jobsAwaited(job).map((id) => (
            <li key={id} className={line}><span>The end of job <Link to={to(`/jobs/${id}`)} className="font-mono text-xs text-accent hover:underline">{id}</Link></span></li>
          ))}
        </ul>
        <Until job={job} />
      </div>
    </Section>
  );
}
