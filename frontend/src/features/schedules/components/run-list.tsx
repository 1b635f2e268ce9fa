import { History } from 'lucide-react';
import { Link } from 'react-router';

import { Button } from '@/components/button';
import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { useScopedLink } from '@/features/session/use-scope';
import type { Run } from '@/types';

import { useRuns } from '../api/list-runs';
import { inZone, whyNone } from '../words';

function RunRow({ run, tz }: { run: Run; tz: string }) {
  const to = useScopedLink();
  return (
    <li data-testid="run" className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-4 py-2.5">
      <time dateTime={run.at} className="num w-64 shrink-0 text-ink-2">{inZone(run.at, tz)}</time>
      <span className="min-w-0 flex-1">{run.jobId ? <Link to={to(`/jobs/${run.jobId}`)} className="text-accent hover:underline">Job {run.jobId.slice(-6)}</Link> : whyNone(run)}</span>
      {run.manual ? <span className="rounded-md border border-line px-1.5 text-xs text-ink-2">Run by hand</span> : null}
    </li>
  );
}

/** What became of each fire. */
export function RunList({ name, tenant, tz }: { name: string; tenant: string; tz: string }) {
  const runs = useRuns(name, tenant);
  return (
    <Section title="History" aside={<StaleBadge query={runs} />}>
      <div className="mt-2">
        <QueryView query={runs} skeleton={<SkeletonRows rows={5} />}>
          {({ pages }) => pages[0]?.runs.length === 0 ? <EmptyState icon={History} title="It has not fired yet" /> : (
            <ul>{pages.flatMap((page) => page.runs).map((run) => <RunRow key={run.at} run={run} tz={tz} />)}</ul>
          )}
        </QueryView>
        {runs.hasNextPage ? <p className="border-t border-line px-4 py-2.5"><Button busy={runs.isFetchingNextPage} onClick={() => { void runs.fetchNextPage(); }}>Show older runs</Button></p> : null}
      </div>
    </Section>
  );
}
