import { LogOut } from 'lucide-react';
import { NavLink } from 'react-router';

import { IconButton } from '@/components/button';
import { Logo } from '@/components/logo';
import { useLogout } from '@/features/session/api/logout';
import { useCaller } from '@/features/session/use-caller';
import { useScope, useScopedLink } from '@/features/session/use-scope';
import { useStats } from '@/features/jobs/api/get-stats';
import { count } from '@/lib/format';
import { cx } from '@/lib/cx';

import { places } from './navigation';

/** The number of jobs in the DLQ. */
function DlqCount() {
  const failed = useStats(useScope()).data?.failed;
  if (!failed) return null;
  return <span data-status="dlq" className="tint num ml-auto hidden rounded-full px-2 text-xs leading-5 font-medium lg:inline">{count(failed)}</span>;
}

function UserCard() {
  const me = useCaller();
  const logout = useLogout();
  return (
    <div className="flex items-center gap-2.5 border-t border-line p-3 max-lg:flex-col">
      <span aria-hidden className="flex size-8 shrink-0 items-center justify-center rounded-full bg-hover text-xs font-semibold uppercase ring-1 ring-line">{me.username.slice(0, 2)}</span>
      <div className="hidden min-w-0 flex-1 lg:block">
        <p className="truncate text-[0.8125rem] leading-4 font-medium">{me.username}</p>
        <p className="truncate text-xs text-ink-3 capitalize">{me.role}</p>
      </div>
      <IconButton label="Log out" onClick={() => { logout.mutate(); }}><LogOut /></IconButton>
    </div>
  );
}

/** Rail of icons on tablets, with words on desktops; phones have `TabBar`. */
export function Sidebar() {
  const link = useScopedLink();
  return (
    <aside className="sticky top-0 hidden h-dvh w-16 shrink-0 flex-col border-r border-line bg-surface md:flex lg:w-56">
      <NavLink to="/" className="flex h-14 items-center px-4.5 lg:px-5" aria-label="QueueCraft, to the jobs"><Logo className="max-lg:[&>span]:sr-only" /></NavLink>
      <nav aria-label="Main" className="flex flex-1 flex-col gap-0.5 px-3 pt-2">
        {places.map(({ to, label, icon: Icon }) => (
          <NavLink
            key={to}
            to={link(to)}
            end={to === '/'}
            title={label}
            className={({ isActive }) => cx(
              'flex h-9 items-center gap-3 rounded-lg px-3 font-medium transition-colors max-lg:justify-center max-lg:px-0',
              isActive ? 'bg-hover text-ink ring-1 ring-line ring-inset' : 'text-ink-2 hover:bg-hover hover:text-ink',
            )}
          >
            <Icon aria-hidden className="size-4.5 shrink-0" />
            <span className="max-lg:sr-only">{label}</span>
            {to === '/dlq' ? <DlqCount /> : null}
          </NavLink>
        ))}
      </nav>
      <UserCard />
    </aside>
  );
}
