import type { ReactNode } from 'react';

/** A line of a list of details. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-8 items-center gap-3">
      <dt className="w-28 shrink-0 text-ink-3">{name}</dt>
      <dd className="num min-w-0 flex-1 wrap-anywhere">{children}</dd>
    </div>
  );
}
