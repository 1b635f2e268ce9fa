type State = Record<string, unknown> | null;

const MOST = 12;
const text = (value: unknown): string => (value === undefined ? '–' : JSON.stringify(value));

/** What differs between two states, a line for each field: `openJobs: 5 → 7`. Pure. */
export function changes(before: State, after: State): string[] {
  const names = Object.keys({ ...before, ...after }).filter((name) => text(before?.[name]) !== text(after?.[name]));
  const lines = names.slice(0, MOST).map((name) => {
    if (before === null) return `${name}: ${text(after?.[name])}`;
    return `${name}: ${text(before[name])} → ${after === null ? 'removed' : text(after[name])}`;
  });
  return names.length > MOST ? [...lines, `and ${String(names.length - MOST)} more`] : lines;
}
