import { CheckCircle2, TriangleAlert, X } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';

import { toasts, type Toast } from '@/lib/toasts';

import { IconButton } from './button';

const SHOWN_MS = 6_000;

function ToastCard({ toast }: { toast: Toast }) {
  const [read, setRead] = useState(false);
  useEffect(() => {
    if (read) return;
    const timer = setTimeout(() => { toasts.dismiss(toast.id); }, SHOWN_MS);
    return () => { clearTimeout(timer); };
  }, [toast.id, read]);
  const start = (): void => { setRead(true); };
  const stop = (): void => { setRead(false); };
  const bad = toast.kind === 'error';
  const Icon = bad ? TriangleAlert : CheckCircle2;
  return (
    <div role={bad ? 'alert' : 'status'} onPointerEnter={start} onPointerLeave={stop} className="pointer-events-auto flex items-start gap-2.5 rounded-xl border border-line bg-surface py-2 pr-1.5 pl-3 shadow-pop">
      <Icon aria-hidden className={`mt-1 size-4 shrink-0 ${bad ? 'text-dlq' : 'text-completed'}`} />
      <p className="min-w-0 flex-1 py-0.5 break-words">{toast.text}</p>
      <IconButton label="Dismiss" className="size-6" onFocus={start} onBlur={stop} onClick={() => { toasts.dismiss(toast.id); }}><X /></IconButton>
    </div>
  );
}

export function Toasts() {
  const list = useSyncExternalStore(toasts.watch, toasts.read);
  return (
    <section aria-label="Notifications" data-passing className="pointer-events-none fixed right-4 bottom-20 z-50 w-80 max-w-[calc(100vw-2rem)] md:bottom-4">
      <ul className="flex flex-col gap-2">{list.map((toast) => <li key={toast.id}><ToastCard toast={toast} /></li>)}</ul>
    </section>
  );
}
