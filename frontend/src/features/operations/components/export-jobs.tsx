import { Download } from 'lucide-react';
import { useState } from 'react';

import { IconButton } from '@/components/button';
import { loadable, Overlay } from '@/components/loadable';

import type { ExportRequest } from '../api/start-export';

const ExportDialog = loadable(() => import('./export-dialog'), (module) => module.default);

/** The button that exports what a list shows. */
export function ExportJobs({ request }: { request: Omit<ExportRequest, 'format'> }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton label="Export jobs" onClick={() => { setOpen(true); }}><Download /></IconButton>
      {open ? <Overlay onClose={() => { setOpen(false); }}><ExportDialog request={request} onClose={() => { setOpen(false); }} /></Overlay> : null}
    </>
  );
}
