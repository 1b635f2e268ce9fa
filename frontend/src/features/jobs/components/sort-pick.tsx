import type { Sort } from '../filter';

interface SortPickProps {
  value: Sort;
  /** Whether the list can be in the order of the time of the end. */
  byEnd: boolean;
  /** What the end is called. */
  ended?: string;
  onChange: (sort: Sort) => void;
}

export function SortPick({ value, byEnd, ended = 'Ended', onChange }: SortPickProps) {
  const label: Record<Sort, string> = { '-finished': `${ended} most recently`, finished: `${ended} longest ago`, '-created': 'Newest first', created: 'Oldest first' };
  const offered = (Object.keys(label) as Sort[]).filter((sort) => byEnd || sort.endsWith('created'));
  return (
    <select aria-label="Order" value={offered.includes(value) ? value : '-created'} onChange={(event) => { onChange(event.target.value as Sort); }} className="field w-auto min-w-0 max-sm:flex-[1_1_40%]">
      {offered.map((sort) => <option key={sort} value={sort}>{label[sort]}</option>)}
    </select>
  );
}
