import { Inbox, MessageSquare } from 'lucide-react';

import { Age } from '@/components/age';
import { EmptyState } from '@/components/states';
import { count, plural } from '@/lib/format';
import { cx } from '@/lib/cx';
import { plainText } from '@/lib/plain-text';
import type { DlqGroup } from '@/types';

interface GroupListProps {
  groups: DlqGroup[];
  open: string;
  onOpen: (group: string) => void;
}

function Group({ group, most, active, onOpen }: { group: DlqGroup; most: number; active: boolean; onOpen: () => void }) {
  return (
    <li className="border-t border-line">
      <button type="button" aria-pressed={active} onClick={onOpen} data-testid="dlq-group" className={cx('relative flex w-full flex-col gap-1 px-4 py-3 text-left hover:bg-hover', active && 'bg-accent-soft!')}>
        {active ? <span aria-hidden className="absolute inset-y-0 left-0 w-0.75 bg-accent" /> : null}
        <span className="flex w-full items-baseline gap-3">
          <span className="min-w-0 truncate font-mono text-[0.8125rem] font-semibold text-dlq">{group.type}</span>
          <span className="num ml-auto text-base font-semibold">{count(group.count)}</span>
        </span>
        <span className="line-clamp-2 break-words text-ink-2">{plainText(group.message)}</span>
        <span aria-hidden className="my-0.5 h-1 w-full overflow-hidden rounded-full bg-line"><span className="block h-full rounded-full bg-dlq" style={{ width: `${String((group.count / most) * 100)}%` }} /></span>
        <span className="flex w-full gap-3 text-xs text-ink-3">
          <span className="min-w-0 truncate">{group.tasks.join(', ')}</span>
          {group.comments > 0 ? <span className="num shrink-0"><MessageSquare aria-hidden className="inline size-3" /> {plural(group.comments, 'comment')}</span> : null}
          <span className="ml-auto shrink-0">{group.lastAt ? <>last <Age at={group.lastAt} /></> : null}</span>
        </span>
      </button>
    </li>
  );
}

/** Failed jobs by their error, the most frequent first. */
export function GroupList({ groups, open, onOpen }: GroupListProps) {
  if (groups.length === 0) return <EmptyState icon={Inbox} title="No errors">Failed jobs are grouped here by their error.</EmptyState>;
  const most = Math.max(...groups.map((group) => group.count));
  return (
    <ul className="mt-2">
      {groups.map((group) => <Group key={group.group} group={group} most={most} active={group.group === open} onOpen={() => { onOpen(group.group === open ? '' : group.group); }} />)}
    </ul>
  );
}
