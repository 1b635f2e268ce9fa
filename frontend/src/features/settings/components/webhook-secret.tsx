import { Button } from '@/components/button';
import { CopyButton } from '@/components/copy-button';

/** The secret of a webhook, which is shown once. */
export function WebhookSecret({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-2">The receiver verifies messages with this secret. Copy it now: it is not shown again.</p>
      <p data-testid="webhook-secret" className="flex items-center gap-2 rounded-lg border border-line bg-sunken py-1.5 pr-1.5 pl-3 font-mono"><span className="min-w-0 flex-1 break-all">{secret}</span><CopyButton text={secret} label="Copy the secret" /></p>
      <div className="flex justify-end"><Button kind="primary" onClick={onDone}>I have copied it</Button></div>
    </div>
  );
}
