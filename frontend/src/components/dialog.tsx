import { X } from 'lucide-react';
import { useId, useRef, type ReactNode } from 'react';

import { cx } from '@/lib/cx';

import { IconButton } from './button';
import { useModal } from './use-modal';

interface DialogProps {
  title: string;
  description?: ReactNode;
  wide?: boolean;
  /** Absent where closing would lose data: then only a control inside closes it. */
  onClose?: (() => void) | undefined;
  children: ReactNode;
  footer?: ReactNode;
}

/** The browser's own modal dialog: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ title, description, wide = false, onClose, children, footer }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useModal(ref, onClose);

  return (
    <dialog
      ref={ref}
      closedby={onClose ? 'closerequest' : 'none'}
      aria-labelledby={`${id}-title`}
      aria-describedby={description ? `${id}-text` : undefined}
      className={cx(
        'm-auto max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] flex-col overflow-hidden rounded-2xl border border-line bg-surface p-0 text-ink shadow-pop open:flex',
        wide ? 'max-w-2xl' : 'max-w-md',
      )}
    >
      <header className="flex items-start gap-3 px-5 pt-4 pb-3">
        <div className="min-w-0 flex-1">
          <h2 id={`${id}-title`} className="text-base font-semibold">{title}</h2>
          {description ? <div id={`${id}-text`} className="mt-1 text-ink-2">{description}</div> : null}
        </div>
        {onClose ? <IconButton label="Close" onClick={onClose} className="-mr-1.5"><X /></IconButton> : null}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
      {footer ? <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line bg-sunken px-5 py-3">{footer}</footer> : null}
    </dialog>
  );
}
