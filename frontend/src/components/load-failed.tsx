import { RefreshCw, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';

import { checkVersion } from '@/lib/version';

import { Button } from './button';
import { Dialog } from './dialog';
import { EmptyState } from './states';

/** Messages of Chromium, Firefox and WebKit when a module cannot be fetched. */
const MODULE = /dynamically imported module|Importing a module script failed|Unable to preload/i;

function useWords(error: Error): { title: string; text: string; outdated: boolean } {
  const [outdated, setOutdated] = useState(false);
  const missing = MODULE.test(error.message);
  useEffect(() => {
    if (missing) void checkVersion().then(setOutdated);
  }, [missing]);
  if (outdated) return { outdated, title: 'A new version is available', text: 'This page belongs to an older version, which can no longer load this part. Reload the page to get the new version.' };
  if (missing) return { outdated, title: 'This part could not be loaded', text: 'The server can’t be reached, or has a new version. Try again, or reload the page.' };
  return { outdated, title: 'Something went wrong here', text: error.message };
}

interface LoadFailedProps {
  error: Error;
  onRetry: () => void;
  /** Given for an overlay, which is then shown as a dialog. */
  onClose?: (() => void) | undefined;
}

/** Shown in place of a part of the page whose code could not be loaded, or failed. */
export function LoadFailed({ error, onRetry, onClose }: LoadFailedProps) {
  const { title, text, outdated } = useWords(error);
  const reload = <Button kind={outdated ? 'primary' : 'secondary'} icon={<RefreshCw />} onClick={() => { window.location.reload(); }}>Reload the page</Button>;
  const actions = <>{outdated ? null : <Button onClick={onRetry}>Try again</Button>}{reload}</>;
  if (onClose) return <Dialog title={title} onClose={onClose} footer={actions}><p className="text-ink-2">{text}</p></Dialog>;
  return <div role="alert"><EmptyState icon={TriangleAlert} title={title} action={<span className="flex gap-2">{actions}</span>}>{text}</EmptyState></div>;
}
