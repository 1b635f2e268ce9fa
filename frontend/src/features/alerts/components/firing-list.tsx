import { History } from 'lucide-react';
import { Link } from 'react-router';

import { Age } from '@/components/age';
import { CursorPages } from '@/components/cursor-pages';
import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { EmptyState } from '@/components/states';
import { duration } from '@/lib/format';
import type { Alert, Firing } from '@/types';

import { useFirings } from '../api/list-firings';
import { valueText } from '../alerts';
import { SeverityTag } from './alert-badges';

function FiringRow({ firing, alert }: { firing: Firing; alert: Alert | undefined }) {
  const { firedAt, resolvedAt, subject, notified } = firing;
  return (
    <li data-testid="firing" className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-t border-line px-4 py-2.5 text-[0.8125rem]">
      <span className="min-w-0 flex-[1_1_12rem] truncate font-medium">{firing.name} <SeverityTag severity={firing.severity} /></span>
      <span className="num min-w-0 flex-[1_1_10rem] truncate text-ink-2">{alert ? valueText(alert.kind, firing.value) : null}{subject ? ` (${subject})` : ''}{notified ? '' : ' · muted'}</span>
      <span className="num text-ink-2"><Age at={firedAt} />{resolvedAt ? `, for ${duration(Date.parse(resolvedAt) - Date.parse(firedAt))}` : ', not resolved'}</span>
    </li>
  );
}

interface FiringListProps {
  alerts: Alert[];
  /** One rule, or all. */
  rule: string;
  cursor: string;
  onCursor: (cursor: string) => void;
}

/** When rules fired, the newest first. */
export function FiringList({ alerts, rule, cursor, onCursor }: FiringListProps) {
  const firings = useFirings(rule, cursor);
  const named = alerts.find(({ _id }) => _id === rule);
  return (
    <Section title={named ? `History of ${named.name}` : 'History'} aside={rule ? <Link className="text-[0.8125rem] font-medium hover:underline" to="/alerts">All rules</Link> : null}>
      <div className="mt-2">
        <QueryView query={firings} skeleton={<SkeletonRows rows={3} />}>
          {(page) => page.firings.length > 0
            ? <><ul>{page.firings.map((firing) => <FiringRow key={firing._id} firing={firing} alert={alerts.find(({ _id }) => _id === firing.ruleId)} />)}</ul><CursorPages page={page} onCursor={onCursor} /></>
            : <EmptyState icon={History} title="Nothing has fired">Firings of the last 90 days are listed here.</EmptyState>}
        </QueryView>
      </div>
    </Section>
  );
}
