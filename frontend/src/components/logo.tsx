import { cx } from '@/lib/cx';

export function Logo({ className, compact = false }: { className?: string; compact?: boolean }) {
  return (
    <span className={cx('inline-flex items-center gap-2.5', className)}>
      <svg aria-hidden viewBox="0 0 32 32" className="size-7 shrink-0">
        <rect width="32" height="32" rx="8" className="fill-primary" />
        <g fill="none" strokeLinecap="round" strokeWidth="3" className="stroke-on-primary">
          <path d="M8 10.5h10" />
          <path d="M8 16h16" className="stroke-[#6f9bff] dark:stroke-[#2456d6]" />
          <path d="M8 21.5h6" />
        </g>
        <circle cx="22.5" cy="10.5" r="1.8" className="fill-on-primary" />
        <circle cx="18.5" cy="21.5" r="1.8" className="fill-on-primary" />
      </svg>
      <span className={cx('text-[0.9375rem] font-semibold tracking-tight', compact && 'sr-only')}>QueueCraft</span>
    </span>
  );
}
