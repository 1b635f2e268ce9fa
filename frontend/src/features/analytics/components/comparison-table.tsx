import { ChartNoAxesColumn } from 'lucide-react';

import { Section } from '@/components/page';
import { EmptyState } from '@/components/states';
import { count, duration, percent } from '@/lib/format';
import type { AnalyticsGroup } from '@/types';

import { change } from '../filter';

interface ComparisonTableProps {
  title: string;
  /** What a row is. */
  what: string;
  rows: AnalyticsGroup[];
  nameOf?: (name: string) => string;
  onPick?: ((name: string) => void) | undefined;
}

const head = 'px-3 py-2 text-right font-medium whitespace-nowrap';
const cell = 'num px-3 py-2.5 text-right whitespace-nowrap';

function Row({ row: { name, current, previous }, shown, onPick }: { row: AnalyticsGroup; shown: string; onPick: ((name: string) => void) | undefined }) {
  const ended = current.completed + current.failed;
  return (
    <tr className="border-t border-line hover:bg-hover">
      <th scope="row" className="max-w-48 py-2.5 pr-3 pl-4 text-left font-medium">{onPick ? <button type="button" onClick={() => { onPick(name); }} className="block max-w-full truncate hover:underline">{shown}</button> : <span className="block truncate">{shown}</span>}</th>
      <td className={cell}>{count(current.completed)}</td>
      <td className={`${cell} text-ink-2`}>{change(current.completed, previous.completed)}</td>
      <td className={cell}>{count(current.failed)}</td>
      <td className={cell}>{percent(ended > 0 ? current.failed / ended : null)}</td>
      <td className={cell}>{count(current.retried)}</td>
      <td className={cell}>{duration(current.run.p95)}</td>
      <td className={`${cell} text-ink-2`}>{duration(previous.run.p95)}</td>
    </tr>
  );
}

/** Tasks, queues or workspaces in the range, compared with the range before. */
export function ComparisonTable({ title, what, rows, nameOf = (name) => name, onPick }: ComparisonTableProps) {
  return (
    <Section title={title}>
      {rows.length === 0 ? <EmptyState icon={ChartNoAxesColumn} title="No jobs ran in this period" /> : (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
        <div role="region" aria-label={`Table ${title.toLowerCase()}`} tabIndex={0} className="mt-2 overflow-x-auto">
          <table className="w-full text-[0.8125rem]">
            <thead className="text-xs text-ink-3">
              <tr>
                <th scope="col" className="py-2 pr-3 pl-4 text-left font-medium">{what}</th>
                {['Completed', 'Change', 'Failed', 'Failure rate', 'Retries', 'Run p95', 'Before'].map((name) => <th key={name} scope="col" className={head}>{name}</th>)}
              </tr>
            </thead>
            <tbody>{rows.map((row) => <Row key={row.name} row={row} shown={nameOf(row.name)} onPick={onPick} />)}</tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
