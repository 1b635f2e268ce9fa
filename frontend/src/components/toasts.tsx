import { CheckCircle2, TriangleAlert, X } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';

import { toasts, type Toast } from '@/lib/toasts';

import { IconButton } from './button';

const SHOWN_MS = 6_000;

function ToastCard({ toast }: { toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => { toasts.dismiss(toast.id); }, SHOWN_MS);
    return () => { clearTimeout(timer); };
  }, [toast.id]);
  const bad = toast.kind === 'error';
  const Icon = bad ? TriangleAlert : CheckCircle2;
  return (
    <li role={bad ? 'alert' : 'status'} className="pointer-events-auto flex items-start gap-2.5 rounded-xl border border-line bg-surface py-2 pr-1.5 pl-3 shadow-pop">
      <Icon aria-hidden className={`mt-1 size-4 shrink-0 ${bad ? 'text-dlq' : 'text-completed'}`} />
      <p className="min-w-0 flex-1 py-0.5 break-words">{toast.text}</p>
      <IconButton label="Dismiss" className="size-6" onClick={() => { toasts.dismiss(toast.id); }}><X /></IconButton>
    </li>
  );
}

export function Toasts() {
  const list = useSyncExternalStore(toasts.watch, toasts.read);
  return (
    <ul aria-label="Notifications" className="pointer-events-none fixed right-4 bottom-20 z-50 flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2 md:bottom-4">
      {list.map((toast) => <ToastCard key={toast.id} toast={toast} />)}
    </ul>
  );
}
