import { useMemo, type ReactNode } from 'react';

import { writeJson } from '@/lib/json';

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

/** What the API shows in place of a redacted value. */
const REDACTED = '"[redacted]"';

/** JSON text as nodes: keys, strings, numbers and words each in their colour. */
function paint(text: string): ReactNode[] {
  const nodes: ReactNode[] = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    nodes.push(text.slice(at, match.index));
    const [whole, string, colon, word] = match;
    if (string === REDACTED && !colon) {
      nodes.push(<span key={match.index} title="Redacted: nobody is shown this value" className="rounded bg-hover px-1 text-ink-3 italic">{string}</span>);
      at = match.index + whole.length;
      continue;
    }
    const colour = colon ? 'text-ink' : string ? 'text-completed' : word ? 'text-retrying' : 'text-running';
    nodes.push(<span key={match.index} className={colour}>{string ?? whole}</span>, colon ?? '');
    at = match.index + whole.length;
  }
  return [...nodes, text.slice(at)];
}

export function JsonView({ value, label }: { value: unknown; label: string }) {
  const nodes = useMemo(() => paint(writeJson(value, 2)), [value]);
  return (
    // A region that scrolls must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre role="region" tabIndex={0} aria-label={label} className="max-h-96 overflow-auto px-4 py-3 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap text-ink-2">{nodes}</pre>
  );
}
