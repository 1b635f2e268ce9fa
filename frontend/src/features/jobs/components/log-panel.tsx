import { ArrowDownToLine, ScrollText } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import { Button } from '@/components/button';
import { Section } from '@/components/page';
import { QueryView } from '@/components/query-view';
import { StaleBadge } from '@/components/stale-badge';
import { EmptyState } from '@/components/states';
import { plural, timeMs } from '@/lib/format';
import { plainText } from '@/lib/plain-text';
import type { LogLine } from '@/types';

import { useJobLogs } from '../api/get-job-logs';
import { areAllLines } from '../logs';

const levelColour: Record<string, string> = { error: 'text-dlq', critical: 'text-dlq', warning: 'text-retrying', warn: 'text-retrying', debug: 'text-ink-3' };
const NEAR_PX = 24;

function Lines({ lines }: { lines: LogLine[] }) {
  const box = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(true);
  useEffect(() => {
    if (follow) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [follow, lines]);
  const onScroll = (): void => {
    const element = box.current;
    if (element) setFollow(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX);
  };
  return (
    <div className="relative mt-2 border-t border-line">
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={box} onScroll={onScroll} tabIndex={0} role="log" aria-label="Log lines" data-testid="logs" className="max-h-96 overflow-auto py-2 font-mono text-xs leading-5">
        {lines.map((line) => (
          <p key={line.seq} className="flex gap-3 px-4 hover:bg-hover">
            <time className="num shrink-0 text-ink-3" dateTime={line.at}>{timeMs(line.at)}</time>
            <span className="num shrink-0 text-ink-3" title={`Attempt ${String(line.attempt)}`}>#{line.attempt}</span>
            <span className={`min-w-0 break-words whitespace-pre-wrap ${levelColour[line.level.toLowerCase()] ?? 'text-ink'}`}>{plainText(line.message)}</span>
          </p>
        ))}
      </div>
      {follow ? null : <Button size="sm" icon={<ArrowDownToLine />} onClick={() => { setFollow(true); }} className="absolute right-4 bottom-3">Follow</Button>}
    </div>
  );
}

function LineCount({ lines }: { lines: LogLine[] }) {
  const number = plural(lines.length, 'line');
  if (areAllLines(lines)) return <span className="num text-xs text-ink-3">{number}</span>;
  return <span className="num text-xs text-ink-3" title="Older lines are not kept">last {number}</span>;
}

export function LogPanel({ id }: { id: string }) {
  const logs = useJobLogs(id);
  return (
    <Section title="Log" aside={<><StaleBadge query={logs} />{logs.data?.length ? <LineCount lines={logs.data} /> : null}</>}>
      <QueryView query={logs} skeleton={<div className="skeleton m-4 h-32" />}>
        {(lines) => lines.length > 0 ? <Lines lines={lines} /> : <EmptyState icon={ScrollText} title="No log lines">Lines appear here as the task logs them.</EmptyState>}
      </QueryView>
    </Section>
  );
}
