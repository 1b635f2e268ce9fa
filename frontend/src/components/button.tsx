import type { ButtonHTMLAttributes, MouseEvent, ReactNode } from 'react';

import { cx } from '@/lib/cx';

type Kind = 'primary' | 'secondary' | 'ghost' | 'danger';

const kinds: Record<Kind, string> = {
  primary: 'bg-primary text-on-primary hover:bg-primary-hover shadow-card',
  secondary: 'border border-line-strong bg-surface text-ink hover:bg-hover shadow-card',
  ghost: 'text-ink-2 hover:bg-hover hover:text-ink',
  danger: 'bg-dlq text-surface hover:brightness-110 shadow-card',
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  size?: 'sm' | 'md';
  icon?: ReactNode;
  busy?: boolean;
}

export function Button({ kind = 'secondary', size = 'md', icon, busy, className, children, onClick, ...rest }: ButtonProps) {
  // Not disabled while it works: a disabled button loses the focus, and keyboard users lose their place.
  const press = (event: MouseEvent<HTMLButtonElement>): void => {
    if (busy) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      type="button"
      aria-busy={busy}
      aria-disabled={busy}
      onClick={press}
      className={cx(
        'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-lg font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-progress aria-disabled:opacity-50 [&>svg]:size-4 [&>svg]:shrink-0',
        size === 'sm' ? 'h-8 px-2.5 text-[0.8125rem]' : 'h-9 px-3.5',
        kinds[kind],
        className,
      )}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
}

/** A button with only an icon; `label` is its name and tooltip. */
export function IconButton({ label, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cx(
        'inline-flex size-8 shrink-0 items-center justify-center rounded-lg text-ink-3 transition-colors hover:bg-hover hover:text-ink disabled:cursor-not-allowed disabled:opacity-40 [&>svg]:size-4',
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  );
}
