import { Button } from '@/components/button';
import { CopyButton } from '@/components/copy-button';

interface OneTimePasswordProps {
  name: string;
  password: string;
  onDone: () => void;
}

/** A password that is shown once. Its dialog has no other way out than the button. */
export function OneTimePassword({ name, password, onDone }: OneTimePasswordProps) {
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-2">{name} can log in with this password. Copy it now: it is not shown again.</p>
      <p data-testid="one-time-password" className="flex items-center gap-2 rounded-lg border border-line bg-sunken py-1.5 pr-1.5 pl-3 font-mono"><span className="min-w-0 flex-1 break-all">{password}</span><CopyButton text={password} label="Copy the password" /></p>
      <div className="flex justify-end"><Button kind="primary" onClick={onDone}>I have copied it</Button></div>
    </div>
  );
}
