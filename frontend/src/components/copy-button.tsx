import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';

import { IconButton } from './button';

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => { setCopied(false); }, 1500);
    return () => { clearTimeout(timer); };
  }, [copied]);
  const copy = (): void => { void navigator.clipboard.writeText(text).then(() => { setCopied(true); }); };
  return (
    <IconButton label={copied ? 'Copied' : label} onClick={copy} className="size-7">
      {copied ? <Check className="text-completed" /> : <Copy />}
    </IconButton>
  );
}
