import { Link } from 'react-router';

import { Age } from '@/components/age';
import { GroupPill } from '@/components/status-pill';
import { useScopedLink } from '@/features/session/use-scope';
import type { JobBatch } from '@/types';

import { progressText } from '../progress';
import { SharesBar } from './shares-bar';

/** `owner`: the names of owner and workspace; null where all batches have the same one. */
export function BatchRow({ batch, owner }: { batch: JobBatch; owner: string | null }) {
  const to = useScopedLink();
  return (
    <li data-testid="batch" className="row flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-4 py-3">
      <div className="min-w-0 flex-[1_1_16rem]">
        <p className="flex min-w-0 items-center gap-2"><Link to={to(`/batches/${batch._id}`)} className="min-w-0 truncate font-medium hover:underline">{batch.name}</Link><GroupPill state={batch.status} cancelling={batch.cancelRequested} /></p>
        <p className="truncate text-ink-2"><Age at={batch.con} />{owner === null ? null : ` · ${owner}`}</p>
      </div>
      <div className="flex min-w-0 flex-[1_1_14rem] flex-col gap-1.5">
        <p className="num truncate text-[0.8125rem] text-ink-2">{progressText(batch)}</p>
        <SharesBar progress={batch} label={`Progress of ${batch.name}`} />
      </div>
    </li>
  );
}
