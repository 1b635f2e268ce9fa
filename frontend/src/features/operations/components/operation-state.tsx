import { Ban, Download } from 'lucide-react';

import { Button } from '@/components/button';
import { ProgressBar } from '@/components/progress-bar';
import { plural } from '@/lib/format';
import type { Operation } from '@/types';

import { useCancelOperation } from '../api/cancel-operation';
import { isGoing } from '../api/list-operations';
import { useOpenFile } from '../api/open-file';
import { outcomeText } from '../words';

/** The progress of an operation, or what came of it. */
export function OperationState({ operation }: { operation: Operation }) {
  if (!isGoing(operation)) return <p className="min-w-0 break-words text-ink-2">{outcomeText(operation)}</p>;
  const { progress, matched } = operation;
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <p role="status" className="num truncate text-[0.8125rem] text-ink-2">{progress?.message ?? 'Waiting for a worker'}{matched === null ? null : ` of ${plural(matched, 'job')}`}</p>
      <ProgressBar percent={progress?.percent ?? 0} label={`Progress of ${operation.name}`} />
    </div>
  );
}

/** What one may do with an operation: cancel it while it runs, download the file of an export. */
export function OperationButtons({ operation }: { operation: Operation }) {
  const cancel = useCancelOperation();
  const open = useOpenFile();
  if (isGoing(operation)) return operation.cancelRequested ? <span className="text-ink-3">Cancelling</span> : <Button icon={<Ban />} busy={cancel.isPending} onClick={() => { cancel.mutate(operation._id); }}>Cancel</Button>;
  if (operation.kind !== 'export' || operation.status !== 'completed') return null;
  return <Button icon={<Download />} busy={open.isPending} onClick={() => { open.mutate(operation._id); }}>Download</Button>;
}
