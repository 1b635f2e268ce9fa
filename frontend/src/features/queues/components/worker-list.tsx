import { Cpu } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';

import { Age } from '@/components/age';
import { Segmented } from '@/components/segmented';
import { EmptyState } from '@/components/states';
import { useNow } from '@/lib/use-now';
import { cx } from '@/lib/cx';
import type { Worker } from '@/types';

/** The worker's own count is as old as its heartbeat; its leases are from now, but only those that one may see. */
function busySlots({ running, leases, concurrency }: Worker): number {
  return Math.min(concurrency, Math.max(running, leases.length));
}

function Slots({ worker }: { worker: Worker }) {
  const busy = busySlots(worker);
  return (
    <span className="flex flex-wrap items-center gap-1" role="img" aria-label={`${String(busy)} of ${String(worker.concurrency)} slots busy`}>
      {Array.from({ length: Math.min(40, worker.concurrency) }, (_, slot) => (
        <span key={slot} className={cx('h-3.5 w-2 rounded-xs', slot < busy ? 'bg-running' : 'bg-line-strong/60')} />
      ))}
    </span>
  );
}

function Lease({ jobId, expiresAt }: Worker['leases'][number]) {
  const left = Math.ceil((Date.parse(expiresAt) - useNow()) / 1000);
  return (
    <li className="flex gap-2 text-xs">
      <Link to={`/jobs/${jobId}`} className="min-w-0 truncate font-mono text-accent hover:underline">{jobId}</Link>
      <span className="num ml-auto shrink-0 text-ink-3">{left > 0 ? `lease ${String(left)} s` : 'lease expired'}</span>
    </li>
  );
}

export function WorkerList({ workers }: { workers: Worker[] }) {
  if (workers.length === 0) return <EmptyState icon={Cpu} title="No worker is running">This is normal while no jobs are waiting. The next job starts one.</EmptyState>;
  return <ByPool workers={workers} />;
}

const ALL = '';

/** With workers of several pools, one can be chosen. */
function ByPool({ workers }: { workers: Worker[] }) {
  const [chosen, choose] = useState(ALL);
  const pools = [...new Set(workers.map((worker) => worker.pool))].sort();
  const pool = pools.includes(chosen) ? chosen : ALL;
  const options = [{ value: ALL, label: 'All' }, ...pools.map((name) => ({ value: name, label: name }))];
  return (
    <>
      {pools.length > 1 ? <div className="px-4 pt-3"><Segmented label="Pool" value={pool} options={options} onChange={choose} /></div> : null}
      <Workers workers={workers.filter((worker) => pool === ALL || worker.pool === pool)} />
    </>
  );
}

function Workers({ workers }: { workers: Worker[] }) {
  return (
    <ul className="mt-2">
      {workers.map((worker) => (
        <li key={worker.id} className="flex flex-col gap-2 border-t border-line px-4 py-3">
          <div className="flex items-center gap-3">
            <span className="min-w-0 truncate font-mono text-xs font-medium">{worker.id}</span>
            <span className="shrink-0 rounded-md border border-line px-1.5 text-xs text-ink-2" title="Pool">{worker.pool}</span>
            <span className="num ml-auto shrink-0 text-xs text-ink-2">{busySlots(worker)}/{worker.concurrency} busy</span>
          </div>
          <Slots worker={worker} />
          <p className="text-xs text-ink-3">{worker.startedAt ? <>started <Age at={worker.startedAt} /></> : null}{worker.lastSeen ? <>, seen <Age at={worker.lastSeen} /></> : null}</p>
          {worker.leases.length > 0 ? <ul className="flex flex-col gap-1">{worker.leases.map((lease) => <Lease key={lease.jobId} {...lease} />)}</ul> : null}
        </li>
      ))}
    </ul>
  );
}
