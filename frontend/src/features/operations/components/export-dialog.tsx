import { Download } from 'lucide-react';
import { useState } from 'react';

import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormError } from '@/components/form-error';
import { Segmented } from '@/components/segmented';
import type { ExportFormat } from '@/types';

import { useStartExport, type ExportRequest } from '../api/start-export';
import { OperationProgress } from './operation-progress';

const formats = [{ value: 'csv', label: 'CSV' }, { value: 'json', label: 'JSON' }, { value: 'ndjson', label: 'NDJSON' }] as const;
const meaning: Record<ExportFormat, string> = {
  csv: 'One line a job, payload and result as JSON in a column each. Text that a spreadsheet would take as a formula begins with an apostrophe.',
  json: 'One array of jobs.',
  ndjson: 'One JSON object a line.',
};

/** Exports the jobs that the list shows, on all its pages. */
export default function ExportDialog({ request, onClose }: { request: Omit<ExportRequest, 'format'>; onClose: () => void }) {
  const [format, setFormat] = useState<ExportFormat>('csv');
  const start = useStartExport();
  const begin = (): void => { start.mutate({ ...request, format }, { onSuccess: (operation) => { if (!operation) onClose(); } }); };
  return (
    <Dialog
      title="Export jobs"
      description="All jobs that match the filters, with payload and result."
      onClose={onClose}
      footer={start.data ? <Button onClick={onClose}>Close</Button> : <><Button onClick={onClose}>Back</Button><Button kind="primary" icon={<Download />} busy={start.isPending} onClick={begin}>Export</Button></>}
    >
      {start.data ? <OperationProgress operation={start.data}>The file is being written.</OperationProgress> : (
        <div className="flex flex-col items-start gap-3">
          <Segmented label="Format" value={format} options={formats} onChange={setFormat} />
          <p className="text-ink-2">{meaning[format]}</p>
          {start.error ? <FormError error={start.error} /> : null}
        </div>
      )}
    </Dialog>
  );
}
