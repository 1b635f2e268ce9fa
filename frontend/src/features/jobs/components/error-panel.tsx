import { Link } from 'react-router';

import { CopyButton } from '@/components/copy-button';
import { useScopedLink } from '@/features/session/use-scope';
import { plainText } from '@/lib/plain-text';
import type { JobDetail } from '@/types';

/** The last error, with its traceback. */
export function ErrorPanel({ job }: { job: JobDetail }) {
  const { error } = job;
  const to = useScopedLink();
  if (!error) return null;
  const traceback = plainText(error.traceback ?? '');
  return (
    <section aria-label="Error" data-status="dlq" className="card min-w-0 overflow-hidden border-l-3 border-l-(--s)!">
      <header className="flex items-start gap-3 px-4 pt-3 pb-2">
        <div className="min-w-0 flex-1">
          <h2 className="font-mono text-[0.8125rem] font-semibold text-(--s)">{error.type}</h2>
          <p className="mt-0.5 break-words">{plainText(error.message)}</p>
        </div>
        {job.status === 'dlq' && error.group ? <Link to={to('/dlq', { group: error.group })} className="shrink-0 text-xs leading-5 text-accent hover:underline">All jobs with this error</Link> : null}
      </header>
      {traceback ? (
        <details open className="border-t border-line">
          <summary className="px-4 py-2 text-xs font-medium text-ink-2">Traceback</summary>
          <div className="relative">
            {/* A region that scrolls must be reachable by keyboard. */}
            {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <pre role="region" tabIndex={0} aria-label="Traceback" className="max-h-96 overflow-auto px-4 pb-4 font-mono text-xs leading-5 text-ink-2">{traceback}</pre>
            <span className="absolute top-0 right-3"><CopyButton text={traceback} label="Copy the traceback" /></span>
          </div>
        </details>
      ) : null}
    </section>
  );
}
