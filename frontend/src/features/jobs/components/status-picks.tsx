import { cx } from '@/lib/cx';
import { statuses, statusLabel } from '@/lib/status';
import type { JobStatus } from '@/types';

/** States to show; any number of them at once, none for all. */
export function StatusPicks({ value, onChange }: { value: JobStatus[]; onChange: (value: JobStatus[]) => void }) {
  return (
    <div role="group" aria-label="Status" className="flex min-w-0 basis-full gap-1.5 overflow-x-auto py-0.5">
      {statuses.map((status) => {
        const on = value.includes(status);
        return (
          <button
            key={status}
            type="button"
            data-status={status}
            aria-pressed={on}
            onClick={() => { onChange(statuses.filter((one) => (one === status ? !on : value.includes(one)))); }}
            className={cx('inline-flex h-7 shrink-0 items-center gap-1.5 rounded-full border px-2.5 text-xs font-medium', on ? 'tint border-(--s)' : 'border-line text-ink-2 hover:bg-hover')}
          >
            <span aria-hidden className="size-1.5 rounded-full bg-(--s)" />
            {statusLabel[status]}
          </button>
        );
      })}
    </div>
  );
}
