import { Cpu } from 'lucide-react';
import { Link } from 'react-router';

import { Age } from '@/components/age';
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
  return (
    <ul className="mt-2">
      {workers.map((worker) => (
        <li key={worker.id} className="flex flex-col gap-2 border-t border-line px-4 py-3">
          <div className="flex items-center gap-3">
            <span className="min-w-0 truncate font-mono text-xs font-medium">{worker.id}</span>
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
