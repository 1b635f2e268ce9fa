import { Link } from 'react-router';

import { Dialog } from '@/components/dialog';
import { QueryView } from '@/components/query-view';
import { useScopedLink } from '@/features/session/use-scope';
import { count, plural } from '@/lib/format';
import { plainText } from '@/lib/plain-text';
import type { ComparedField, Comparison } from '@/types';

import { useComparison } from '../api/compare-payloads';
import type { DeadFilter } from '../filter';

type Value = ComparedField['values'][number];

function Values({ field, of }: { field: ComparedField; of: number }) {
  const to = useScopedLink();
  const rest = field.distinct - field.values.length;
  const share = (value: Value): string => `${String((value.count / of) * 100)}%`;
  return (
    <ul className="flex flex-col gap-1 text-xs">
      {field.values.map((value) => (
        <li key={value.jobId} data-testid="compared-value" className="relative flex items-baseline gap-3 overflow-hidden rounded-md px-2 py-0.5">
          <span aria-hidden className="absolute inset-y-0 left-0 bg-accent-soft" style={{ width: share(value) }} />
          <Link to={to(`/jobs/${value.jobId}`)} title="A job that has it" className="relative min-w-0 flex-1 font-mono wrap-anywhere hover:underline">{plainText(value.json)}{value.cut ? '…' : ''}</Link>
          <span className="num relative shrink-0 text-ink-2">{count(value.count)}</span>
        </li>
      ))}
      {rest > 0 ? <li className="px-2 text-ink-3">{count(rest)} more</li> : null}
      {field.present < of ? <li className="px-2 text-ink-3">Absent from {count(of - field.present)}</li> : null}
    </ul>
  );
}

function Fields({ title, fields, of }: { title: string; fields: ComparedField[]; of: number }) {
  if (fields.length === 0) return null;
  return (
    <section className="flex flex-col gap-3">
      <h3 className="text-[0.8125rem] font-semibold">{title}</h3>
      <dl className="grid gap-x-4 gap-y-3 sm:grid-cols-[minmax(0,12rem)_minmax(0,1fr)]">
        {fields.map((field) => (
          <div key={field.path} className="contents" data-testid="compared-field">
            <dt className="font-mono text-xs leading-5 wrap-anywhere text-ink-2">{field.path}</dt>
            <dd className="min-w-0"><Values field={field} of={of} /></dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Content({ found }: { found: Comparison }) {
  const { examined, more, same, differ, fieldsLeftOut } = found;
  return (
    <div className="flex flex-col gap-5">
      <p className="text-[0.8125rem] text-ink-2">
        {more ? `The newest ${plural(examined, 'payload')} of those that match` : plural(examined, 'payload')}.
        {fieldsLeftOut > 0 ? ` ${plural(fieldsLeftOut, 'field')} of them left out.` : ''}
        {same.length + differ.length === 0 ? ' They have no fields.' : ''}
      </p>
      <Fields title="Differs" fields={differ} of={examined} />
      <Fields title="The same in all" fields={same} of={examined} />
    </div>
  );
}

/** Which fields the payloads of failed jobs share, and where they differ. */
export function CompareDialog({ filter, onClose }: { filter: DeadFilter; onClose: () => void }) {
  const comparison = useComparison(filter);
  return (
    <Dialog wide title="Compare payloads" description={filter.group ? 'Of this error' : 'Of the failed jobs that match'} onClose={onClose}>
      <QueryView query={comparison} skeleton={<div className="skeleton h-64" />}>{(found) => <Content found={found} />}</QueryView>
    </Dialog>
  );
}
