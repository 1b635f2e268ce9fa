import { dateTime } from '@/lib/format';
import type { AuditEntry } from '@/types';

import { changes } from '../changes';

interface AuditRowProps {
  entry: AuditEntry;
  onFilter: (name: 'action' | 'target' | 'actor', value: string) => void;
}

/** One change. Who, what and which narrow the list on a click. */
export function AuditRow({ entry, onFilter }: AuditRowProps) {
  const { actor, action, target } = entry;
  const link = 'max-w-full truncate text-left hover:underline';
  return (
    <li className="flex flex-col gap-1 border-t border-line px-4 py-3">
      <p className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <button type="button" className={`font-medium ${link}`} onClick={() => { onFilter('action', action); }}>{action}</button>
        <button type="button" className={`font-mono text-xs text-ink-2 ${link}`} onClick={() => { onFilter('target', target); }}>{target}</button>
        {entry.outcome === 'unknown' ? <span className="text-xs text-dlq">not known whether it was made</span> : null}
      </p>
      <p className="flex min-w-0 flex-wrap gap-x-2 text-xs text-ink-3">
        <button type="button" className={link} onClick={() => { onFilter('actor', actor.apiKey?._id ?? actor._id); }}>{actor.apiKey ? `${actor.apiKey.name} (key of ${actor.email})` : actor.email}</button>
        <time dateTime={entry.at}>{dateTime(entry.at)}</time>
      </p>
      <ul className="font-mono text-xs break-all text-ink-2">{changes(entry.before, entry.after).map((line) => <li key={line}>{line}</li>)}</ul>
    </li>
  );
}
