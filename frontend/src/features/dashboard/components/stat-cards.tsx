import { CheckCircle2, CircleDashed, LoaderCircle, XCircle } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

import { useStats } from '@/features/jobs/api/get-stats';
import { cardStatuses, type JobFilter } from '@/features/jobs/filter';
import { count } from '@/lib/format';
import { cx } from '@/lib/cx';
import type { JobStatus } from '@/types';

type Card = keyof typeof cardStatuses;

const cards: { card: Card; label: string; hint: string; status: JobStatus; icon: LucideIcon }[] = [
  { card: 'pending', label: 'Queued', hint: 'Pending, blocked, scheduled, retrying or waiting', status: 'pending', icon: CircleDashed },
  { card: 'running', label: 'Running', hint: 'On a worker now', status: 'running', icon: LoaderCircle },
  { card: 'completed', label: 'Completed', hint: 'Finished without an error', status: 'completed', icon: CheckCircle2 },
  { card: 'failed', label: 'Failed', hint: 'Failed on their last attempt; in dead letters', status: 'dlq', icon: XCircle },
];

interface StatCardsProps {
  filter: JobFilter;
  onChange: (change: Partial<JobFilter>) => void;
}

/** Counts that filter the table when pressed, and clear the filter when pressed again. */
export function StatCards({ filter, onChange }: StatCardsProps) {
  const stats = useStats(filter.scope);
  const shown = filter.status.join();
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      {cards.map(({ card, label, hint, status, icon: Icon }) => {
        const wanted: JobStatus[] = [...cardStatuses[card]];
        const active = shown === wanted.join();
        return (
          <button
            key={card}
            type="button"
            data-status={status}
            data-testid={`card-${card}`}
            aria-pressed={active}
            title={hint}
            onClick={() => { onChange({ status: active ? [] : wanted }); }}
            className={cx('card group flex flex-col gap-2 px-4 py-3.5 text-left transition-colors hover:border-line-strong', active && 'border-(--s)! ring-1 ring-(--s)')}
          >
            <span className="flex w-full items-center gap-2 text-[0.8125rem] font-medium text-ink-2">
              <Icon aria-hidden className="size-4 text-(--s)" />
              {label}
            </span>
            {stats.data ? (
              <span className={cx('num text-[1.75rem] leading-8 font-semibold tracking-tight', stats.isError && 'text-ink-3')}>{count(stats.data[card])}</span>
            ) : (
              <span className={cx('h-8 w-16', stats.isError ? 'text-2xl text-ink-3' : 'skeleton')}>{stats.isError ? '–' : null}</span>
            )}
          </button>
        );
      })}
    </div>
  );
}
