import { Link } from 'react-router';

import { Age } from '@/components/age';
import { isAdmin, useCaller } from '@/features/session/use-caller';
import { dateTime } from '@/lib/format';
import { useNow } from '@/lib/use-now';
import type { Alert } from '@/types';

import { isMuted, readingText } from '../alerts';
import { AlertActions } from './alert-actions';
import { AlertState, SeverityTag } from './alert-badges';

/** What was measured last, and since when the rule is in its state. */
function Standing({ alert }: { alert: Alert }) {
  const muted = isMuted(alert, useNow());
  return (
    <div className="min-w-0 flex-[1_1_14rem] text-[0.8125rem] text-ink-2">
      <p className="num truncate">{alert.checkedAt === null ? 'Not evaluated yet' : readingText(alert.kind, alert)}</p>
      <p className="truncate">
        {alert.since === null ? null : <>Since <Age at={alert.since} /></>}
        {muted && alert.mutedUntil !== null ? <span data-testid="muted">{alert.since === null ? 'Muted' : ' · muted'} until {dateTime(alert.mutedUntil)}</span> : null}
      </p>
    </div>
  );
}

export function AlertRow({ alert, owner }: { alert: Alert; owner: string | undefined }) {
  const { role } = useCaller();
  return (
    <li data-testid="alert" className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-4 py-3">
      <div className="min-w-0 flex-[1_1_18rem]">
        <p className="flex min-w-0 flex-wrap items-center gap-2">
          <Link to={`/alerts?rule=${alert._id}`} className="min-w-0 truncate font-medium hover:underline">{alert.name}</Link>
          <AlertState alert={alert} /><SeverityTag severity={alert.severity} />
          {alert.scope === 'all' ? <span className="text-xs text-ink-3">all workspaces</span> : null}
        </p>
        <p className="text-[0.8125rem] wrap-anywhere text-ink-2">{alert.condition}{owner ? <span className="text-ink-3"> · by {owner}</span> : null}</p>
      </div>
      <Standing alert={alert} />
      {isAdmin(role) ? <AlertActions alert={alert} /> : null}
    </li>
  );
}
