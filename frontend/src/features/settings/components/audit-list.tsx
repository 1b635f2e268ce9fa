import { History } from 'lucide-react';
import { useSearchParams } from 'react-router';

import { Button } from '@/components/button';
import { FilterChip } from '@/components/filter-chip';
import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { SkeletonRows } from '@/components/skeleton';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { currentParams } from '@/lib/current-params';

import { exportUrl, useAudit } from '../api/list-audit';
import { AuditRow } from './audit-entry';

const filters = { action: 'Action', target: 'Target', actor: 'Actor' } as const;

export function AuditList() {
  const [params, setParams] = useSearchParams();
  const given = (name: string): string => params.get(name) ?? '';
  const audit = useAudit({ action: given('action'), target: given('target'), actor: given('actor'), cursor: given('cursor') });
  const change = (name: string, value: string): void => {
    const next = currentParams();
    next.delete('cursor');
    if (value) next.set(name, value);
    else next.delete(name);
    setParams(next, { preventScrollReset: true });
  };
  const chosen = Object.entries(filters).filter(([name]) => given(name));
  return (
    <Section title="Audit log" aside={<><StaleBadge query={audit} /><a href={exportUrl({ action: given('action'), target: given('target'), actor: given('actor') })} download className="text-accent hover:underline">Export</a></>}>
      {chosen.length > 0 ? <div className="flex flex-wrap gap-2 px-4 pt-2">{chosen.map(([name, label]) => <FilterChip key={name} name={label} value={given(name)} onRemove={() => { change(name, ''); }} />)}</div> : null}
      <div className="mt-2">
        <QueryView query={audit} skeleton={<SkeletonRows rows={5} />}>
          {({ entries, prevCursor, nextCursor }) => entries.length === 0 ? <EmptyState icon={History} title="No changes">Changes of members, keys, limits, queues, settings, schedules and jobs are listed here.</EmptyState> : (
            <>
              <ul>{entries.map((entry) => <AuditRow key={entry._id} entry={entry} onFilter={change} />)}</ul>
              {prevCursor ?? nextCursor ? (
                <nav aria-label="Pages" className="flex justify-end gap-2 border-t border-line px-4 py-2.5">
                  <Button disabled={!prevCursor} onClick={() => { change('cursor', prevCursor ?? ''); }}>Newer</Button>
                  <Button disabled={!nextCursor} onClick={() => { change('cursor', nextCursor ?? ''); }}>Older</Button>
                </nav>
              ) : null}
            </>
          )}
        </QueryView>
      </div>
    </Section>
  );
}
