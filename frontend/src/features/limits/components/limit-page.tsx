import { SearchX } from 'lucide-react';
import { Link, useParams } from 'react-router';

import { Fact } from '@/components/fact';
import { Page, Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { useScopedLink } from '@/features/session/use-scope';
import { ApiError } from '@/lib/api-client';
import { count, dateTime } from '@/lib/format';
import type { LimitDetail } from '@/types';

import { useLimit } from '../api/get-limit';
import { bound, keyText, waitingText } from '../limits';
import { LimitActions } from './limit-actions';
import { LimitBadge } from './limit-badge';

const link = 'text-accent hover:underline';

/** What stands and, where it was changed, what the code says. */
function Bound({ limit, name, label }: { limit: LimitDetail; name: 'concurrency' | 'rate' | 'burst' | 'total'; label: string }) {
  const changed = limit[name] !== limit.declared[name];
  return <Fact name={label}>{bound(limit[name])}{changed ? <span className="text-ink-3"> (code: {bound(limit.declared[name])})</span> : null}</Fact>;
}

const sources = { code: 'the code', tenant: 'your workspace', operators: 'the operators' };

function Facts({ limit }: { limit: LimitDetail }) {
  const to = useScopedLink();
  return (
    <Section title="Details">
      <dl className="px-4 pt-1 pb-3 text-[0.8125rem]">
        <Fact name="Running">{count(limit.held)}</Fact>
        <Fact name="Waiting">{waitingText(limit)}</Fact>
        <Bound limit={limit} name="concurrency" label="Concurrency" />
        <Bound limit={limit} name="rate" label="Rate" />
        <Bound limit={limit} name="burst" label="Burst" />
        {limit.per === null ? null : <Bound limit={limit} name="total" label="Total" />}
        <Fact name="Per">{keyText(limit.per)}</Fact>
        <Fact name="Counted">{limit.shared ? 'all workspaces together' : 'for each workspace'}</Fact>
        <Fact name="Tasks"><span className="flex flex-wrap gap-x-2">{limit.tasks.map((task) => <Link key={task} className={link} to={to('/', { task })}>{task}</Link>)}</span></Fact>
        <Fact name="Set by">{sources[limit.source]}{limit.changedAt ? <>, <time dateTime={limit.changedAt}>{dateTime(limit.changedAt)}</time></> : null}</Fact>
      </dl>
    </Section>
  );
}

function Keys({ limit }: { limit: LimitDetail }) {
  if (limit.per === null) return null;
  return (
    <Section title="Keys">
      {limit.keys.length === 0 ? <p className="px-4 pt-1 pb-4 text-ink-2">No job runs or waits.</p> : (
        <table className="mt-1 w-full table-fixed text-[0.8125rem]">
          <thead className="text-xs text-ink-3"><tr><th scope="col" className="py-2 pr-3 pl-4 text-left font-medium">Key</th><th scope="col" className="w-20 px-3 py-2 text-right font-medium">Running</th><th scope="col" className="w-24 py-2 pr-4 pl-3 text-right font-medium">Waiting</th></tr></thead>
          <tbody>
            {limit.keys.map(({ key, held, waiting }) => (
              <tr key={key} data-testid="limit-key" className="border-t border-line">
                <th scope="row" className="py-2 pr-3 pl-4 text-left font-medium wrap-anywhere">{key}</th>
                <td className="num px-3 py-2 text-right">{count(held)}</td>
                <td className="num py-2 pr-4 pl-3 text-right">{count(waiting)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function Holders({ limit }: { limit: LimitDetail }) {
  const to = useScopedLink();
  return (
    <Section title="Running jobs">
      {limit.holders.length === 0 ? <p className="px-4 pt-1 pb-4 text-ink-2">None that you may see.</p> : (
        <ul className="flex flex-col px-4 pt-1 pb-3">
          {limit.holders.map((id) => <li key={id} data-testid="limit-holder"><Link to={to(`/jobs/${id}`)} className={`font-mono text-xs leading-7 ${link}`}>{id}</Link></li>)}
        </ul>
      )}
    </Section>
  );
}

export function Component() {
  const { name = '' } = useParams();
  const limit = useLimit(name);
  const to = useScopedLink();
  if (limit.error instanceof ApiError && limit.error.status === 404) {
    return <Page title="Limit"><EmptyState icon={SearchX} title="There is no such limit" action={<Link to={to('/limits')} className={link}>Go to limits</Link>}>No task declares it.</EmptyState></Page>;
  }
  return (
    <Page
      title={name}
      aside={limit.data ? <><LimitBadge limit={limit.data} /><StaleBadge query={limit} /></> : null}
      actions={limit.data ? <LimitActions limit={limit.data} /> : null}
    >
      <QueryView query={limit} skeleton={<SkeletonRows rows={6} />}>
        {(data) => (
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <Facts limit={data} />
            <div className="flex min-w-0 flex-col gap-4"><Keys limit={data} /><Holders limit={data} /></div>
          </div>
        )}
      </QueryView>
    </Page>
  );
}
