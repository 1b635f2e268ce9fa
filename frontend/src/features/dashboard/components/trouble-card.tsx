import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';

import { useRecentFailures } from '@/features/dlq/api/list-dead';
import { useGroups } from '@/features/dlq/api/list-groups';
import { useSeries } from '@/features/metrics/api/get-series';
import { useQueues } from '@/features/queues/api/list-queues';
import { useScopedLink } from '@/features/session/use-scope';
import type { Scope } from '@/types';

import { troubles, type Trouble } from '../troubles';

/** Maximum number of lines; the linked pages show all. */
const SHOWN = 3;

const idsOf = (list: Trouble[]): string => list.map(({ id }) => id).join();

/** The newest of `list`; the former lines while a change would move a control under the pointer. */
function useHeld(list: Trouble[], still: boolean): Trouble[] {
  const [held, setHeld] = useState(list);
  if (idsOf(held) === idsOf(list)) return list;
  if (still) return held;
  setHeld(list);
  return list;
}

interface TroubleCardProps {
  scope: Scope;
  /** The pointer is over the card. */
  still: boolean;
}

/** Current problems, at the top of the page; renders nothing without any. */
export function TroubleCard({ scope, still }: TroubleCardProps) {
  const link = useScopedLink();
  const recent = useRecentFailures(scope).data;
  const groups = useGroups(scope, (recent?.count ?? 0) > 0).data;
  const lastHour = useSeries({ window: 'hour' }).data?.total;
  const list = useHeld(troubles({ recent, groups, lastHour, queues: useQueues().data }), still);
  if (list.length === 0) return null;
  return (
    <section aria-label="Needs attention" data-testid="trouble" data-status="dlq" className="card border-l-3 border-l-(--s)!">
      <ul>
        {list.slice(0, SHOWN).map(({ id, what, detail, to, go }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line px-4 py-3 not-first:border-t">
            <TriangleAlert aria-hidden className="size-5 shrink-0 text-(--s)" />
            <div className="min-w-0 flex-1">
              <p className="font-semibold wrap-anywhere">{what}</p>
              <p className="num text-ink-2 wrap-anywhere">{detail}</p>
            </div>
            <Link to={link(to)} className="inline-flex h-9 shrink-0 items-center justify-center rounded-lg bg-primary px-3.5 font-medium text-on-primary hover:bg-primary-hover max-sm:h-11 max-sm:basis-full">{go}</Link>
          </li>
        ))}
      </ul>
      {list.length > SHOWN ? <p className="border-t border-line px-4 py-2 text-ink-2">And {list.length - SHOWN} more: <Link to={link('/queues')} className="text-accent hover:underline">all queues</Link></p> : null}
    </section>
  );
}
