import { useEffect, type ReactNode } from 'react';

interface PageProps {
  title: string;
  /** Beside the title: badges, a count. */
  aside?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, aside, actions, children }: PageProps) {
  useEffect(() => { document.title = `${title} · QueueCraft`; }, [title]);
  return (
    <div className="mx-auto flex w-full max-w-[88rem] flex-col gap-4 px-4 pt-5 pb-24 sm:px-6 md:pb-10 lg:px-8">
      <header className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-xl font-semibold tracking-tight break-words">{title}</h1>
        {aside}
        <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>
      </header>
      {children}
    </div>
  );
}

export function Section({ title, aside, children, className = '' }: { title: string; aside?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <section aria-label={title} className={`card flex min-w-0 flex-col ${className}`}>
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-2">
        <h2 className="text-[0.8125rem] font-semibold">{title}</h2>
        <div className="ml-auto flex items-center gap-2">{aside}</div>
      </header>
      {children}
    </section>
  );
}
