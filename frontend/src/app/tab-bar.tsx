import { NavLink } from 'react-router';

import { useScopedLink } from '@/features/session/use-scope';
import { cx } from '@/lib/cx';

import { places } from './navigation';

/** Navigation on phones, in reach of the thumb; it scrolls sideways. */
export function TabBar() {
  const link = useScopedLink();
  return (
    <nav aria-label="Main" className="fixed inset-x-0 bottom-0 z-30 grid auto-cols-[minmax(3.75rem,1fr)] grid-flow-col overflow-x-auto border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden">
      {places.map(({ to, label, icon: Icon }) => (
        <NavLink
          key={to}
          to={link(to)}
          end={to === '/'}
          className={({ isActive }) => cx('flex h-14 min-w-0 flex-col items-center justify-center gap-1 text-2xs font-medium', isActive ? 'text-accent' : 'text-ink-2')}
        >
          <Icon aria-hidden className="size-5" />
          <span className="max-w-full truncate">{label}</span>
        </NavLink>
      ))}
    </nav>
  );
}
