import { useSyncExternalStore } from 'react';

import { secrets } from '@/lib/secrets';

import { Button } from './button';
import { CopyButton } from './copy-button';
import { Dialog } from './dialog';

/** The oldest secret that nobody has copied yet. Its dialog has no other way out than the button. */
export function HeldSecrets() {
  const [secret] = useSyncExternalStore(secrets.watch, secrets.read);
  if (!secret) return null;
  const { title, text, value, copy, testId, done } = secret;
  return (
    <Dialog key={value} title={title}>
      <div className="flex flex-col gap-4">
        <p className="text-ink-2">{text}</p>
        <p data-testid={testId} className="flex items-center gap-2 rounded-lg border border-line bg-sunken py-1.5 pr-1.5 pl-3 font-mono"><span className="min-w-0 flex-1 break-all">{value}</span><CopyButton text={value} label={copy} /></p>
        <div className="flex justify-end"><Button kind="primary" onClick={() => { secrets.drop(secret); }}>{done}</Button></div>
      </div>
    </Dialog>
  );
}
