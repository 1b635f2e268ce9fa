import { Bookmark } from 'lucide-react';
import { useState } from 'react';

import { IconButton } from '@/components/button';
import { loadable, Overlay } from '@/components/loadable';
import type { View } from '@/types';

const ViewsDialog = loadable(() => import('./views-dialog'), (module) => module.default);

/** The button that shows the saved views of a list. */
export function Views({ page }: { page: View['page'] }) {
  const [open, setOpen] = useState(false);
  const close = (): void => { setOpen(false); };
  return (
    <>
      <IconButton label="Views" onClick={() => { setOpen(true); }}><Bookmark /></IconButton>
      {open ? <Overlay onClose={close}><ViewsDialog page={page} onClose={close} /></Overlay> : null}
    </>
  );
}
