import { X } from 'lucide-react';

interface FilterChipProps {
  /** The kind of the value, such as `Tag`. */
  name: string;
  value: string;
  onRemove: () => void;
}

/** A condition from a link that has no control of its own; a click removes it. */
export function FilterChip({ name, value, onRemove }: FilterChipProps) {
  return (
    <button type="button" aria-label={`Remove the filter ${name.toLowerCase()} ${value}`} onClick={onRemove} className="inline-flex h-7 max-w-full min-w-0 items-center gap-1.5 rounded-full border border-line bg-accent-soft pr-2 pl-3 text-xs hover:bg-hover">
      <span className="text-ink-2">{name}</span>{' '}
      <span className="min-w-0 truncate font-medium">{value}</span>
      <X aria-hidden className="size-3.5 shrink-0 text-ink-2" />
    </button>
  );
}
