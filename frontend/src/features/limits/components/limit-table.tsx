import { Gauge } from 'lucide-react';
import { Link } from 'react-router';

import { EmptyState } from '@/components/states';
import { useScopedLink } from '@/features/session/use-scope';
import { count } from '@/lib/format';
import type { Limit, Limits, TenantLimit } from '@/types';

import { bound, keyText, waitingText } from '../limits';
import { LimitBadge } from './limit-badge';

const head = 'px-3 py-2 font-medium whitespace-nowrap';
const cell = 'num px-3 py-2.5 text-right whitespace-nowrap';

function Row({ limit }: { limit: Limit }) {
  const link = useScopedLink();
  return (
    <tr data-testid="limit" className="border-t border-line hover:bg-hover">
      <th scope="row" className="max-w-56 py-2.5 pr-3 pl-4 text-left font-medium"><Link to={link(`/limits/${limit.name}`)} className="block truncate hover:underline">{limit.name}</Link></th>
      <td className="max-w-56 truncate px-3 py-2.5 text-ink-2">{keyText(limit.per)}{limit.shared ? ', all workspaces together' : ''}</td>
      <td className={cell}>{bound(limit.concurrency)}</td>
      <td className={cell}>{bound(limit.rate)}</td>
      <td className={cell}>{count(limit.held)}</td>
      <td className={cell}>{waitingText(limit)}</td>
      <td className="px-3 py-2.5 pr-4 text-right"><LimitBadge limit={limit} /></td>
    </tr>
  );
}

/** All jobs of the workspace, whatever limits their tasks have. */
function TenantRow({ limit }: { limit: TenantLimit }) {
  const { concurrency, held } = limit;
  if (concurrency === null || held === null) return null;
  return (
    <tr data-testid="tenant-limit" className="border-t border-line">
      <th scope="row" className="py-2.5 pr-3 pl-4 text-left font-medium">Your workspace</th>
      <td className="px-3 py-2.5 text-ink-2">{keyText(null)}</td>
      <td className={cell}>{bound(concurrency)}</td>
      <td className={cell}>{bound(null)}</td>
      <td className={cell}>{count(held)}</td>
      <td className={cell}>{waitingText(limit)}</td>
      <td className="px-3 py-2.5 pr-4 text-right"><LimitBadge limit={{ paused: false, per: null, concurrency, held, waiting: limit.waiting }} /></td>
    </tr>
  );
}

export function LimitTable({ limits, tenant }: Limits) {
  if (limits.length === 0 && tenant.concurrency === null) return <EmptyState icon={Gauge} title="No limits">A task declares its limits in code: <code>@task(&quot;send&quot;, limits=[…])</code>.</EmptyState>;
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
    <div role="region" aria-label="Table of limits" tabIndex={0} className="overflow-x-auto">
      <table className="w-full text-[0.8125rem]">
        <thead className="text-xs text-ink-3">
          <tr>
            <th scope="col" className={`${head} pl-4 text-left`}>Limit</th>
            <th scope="col" className={`${head} text-left`}>Per</th>
            {['Concurrency', 'Rate', 'Running', 'Waiting', 'State'].map((name) => <th key={name} scope="col" className={`${head} text-right last:pr-4`}>{name}</th>)}
          </tr>
        </thead>
        <tbody><TenantRow limit={tenant} />{limits.map((limit) => <Row key={limit.name} limit={limit} />)}</tbody>
      </table>
    </div>
  );
}
