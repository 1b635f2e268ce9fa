import { ChartNoAxesColumn } from 'lucide-react';

import { Section } from '@/components/page';
import { EmptyState } from '@/components/states';
import { count, duration, percent } from '@/lib/format';
import type { Totals } from '@/types';

interface TotalsTableProps {
  title: string;
  /** What a row is: `Task` or `Queue`. */
  what: string;
  rows: Totals[];
  onPick: (name: string) => void;
}

const head = 'px-3 py-2 text-right font-medium whitespace-nowrap';
const cell = 'num px-3 py-2.5 text-right whitespace-nowrap';

function Row({ row, onPick }: { row: Totals; onPick: () => void }) {
  const ended = row.completed + row.failed;
  const share = ended > 0 ? row.failed / ended : null;
  return (
    <tr className="border-t border-line hover:bg-hover">
      <th scope="row" className="max-w-48 py-2.5 pr-3 pl-4 text-left font-medium"><button type="button" onClick={onPick} className="block max-w-full truncate hover:underline">{row.name}</button></th>
      <td className={cell}>{count(row.completed)}</td>
      <td className={cell}>{count(row.failed)}</td>
      <td className={`${cell} ${share !== null && share >= 0.1 ? 'font-medium text-dlq' : ''}`}>{percent(share)}</td>
      {[row.wait, row.run].flatMap((of, index) => [of.p50, of.p95, of.p99].map((value, at) => <td key={`${String(index)}-${String(at)}`} className={`${cell} text-ink-2 ${at === 0 ? 'border-l border-line' : ''}`}>{duration(value)}</td>))}
    </tr>
  );
}

export function TotalsTable({ title, what, rows, onPick }: TotalsTableProps) {
  return (
    <Section title={title}>
      {rows.length === 0 ? <EmptyState icon={ChartNoAxesColumn} title="No jobs ran in this period" /> : (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
        <div role="region" aria-label={`Table ${title.toLowerCase()}`} tabIndex={0} className="mt-2 overflow-x-auto">
          <table className="w-full text-[0.8125rem]">
            <thead className="text-xs text-ink-3">
              <tr>
                <th rowSpan={2} scope="col" className="py-2 pr-3 pl-4 text-left align-bottom font-medium">{what}</th>
                <th rowSpan={2} scope="col" className={`${head} align-bottom`}>Completed</th>
                <th rowSpan={2} scope="col" className={`${head} align-bottom`}>Failed</th>
                <th rowSpan={2} scope="col" className={`${head} align-bottom`}>Failure rate</th>
                <th colSpan={3} scope="colgroup" className="border-l border-line px-3 pt-2 text-center font-medium">Wait</th>
                <th colSpan={3} scope="colgroup" className="border-l border-line px-3 pt-2 text-center font-medium">Run</th>
              </tr>
              <tr>{['wait', 'run'].flatMap((of) => ['p50', 'p95', 'p99'].map((p) => <th key={of + p} scope="col" className={`${head} ${p === 'p50' ? 'border-l border-line' : ''}`}>{p}</th>))}</tr>
            </thead>
            <tbody>{rows.map((row) => <Row key={row.name} row={row} onPick={() => { onPick(row.name); }} />)}</tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
