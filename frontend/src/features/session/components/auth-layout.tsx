import { useEffect, type ReactNode } from 'react';

import { Logo } from '@/components/logo';

interface AuthLayoutProps {
  title: string;
  children: ReactNode;
  foot: ReactNode;
}

export function AuthLayout({ title, children, foot }: AuthLayoutProps) {
  useEffect(() => { document.title = `${title} · QueueCraft`; }, [title]);
  return (
    <main id="content" tabIndex={-1} className="grid min-h-dvh bg-bg outline-none lg:grid-cols-[1fr_minmax(0,42rem)]">
      <div className="flex flex-col justify-center px-6 py-12">
        <div className="mx-auto w-full max-w-sm">
          <Logo className="mb-10" />
          <h1 className="mb-6 text-2xl font-semibold tracking-tight">{title}</h1>
          {children}
          <p className="mt-6 text-ink-2">{foot}</p>
        </div>
      </div>
      <aside aria-hidden className="relative hidden overflow-hidden border-l border-line bg-sunken lg:block">
        <Lanes />
      </aside>
    </main>
  );
}

const lanes: { status: string; widths: number[] }[] = [
  { status: 'completed', widths: [34, 22, 18, 26] },
  { status: 'running', widths: [22, 40, 14] },
  { status: 'pending', widths: [16, 16, 30, 20] },
  { status: 'retrying', widths: [12, 28] },
  { status: 'completed', widths: [26, 14, 38] },
  { status: 'pending', widths: [44, 18] },
  { status: 'dlq', widths: [10] },
  { status: 'scheduled', widths: [24, 24, 12] },
  { status: 'completed', widths: [18, 30, 22, 12] },
];

/** Ornament: queues as lanes of bars. It shows no data. */
function Lanes() {
  return (
    <div className="absolute inset-0 flex -rotate-6 scale-125 flex-col justify-center gap-5 opacity-80">
      {lanes.map((lane, row) => (
        <div key={row} data-status={lane.status} className="flex gap-3" style={{ marginLeft: `${String((row * 37) % 23)}%` }}>
          {lane.widths.map((width, index) => (
            <span key={index} className="h-9 shrink-0 rounded-lg border border-line bg-surface p-2.5" style={{ width: `${String(width)}%` }}>
              <span className="block h-full w-1/3 rounded-full bg-(--s) opacity-55" />
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
