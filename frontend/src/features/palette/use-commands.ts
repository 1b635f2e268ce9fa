import { useNavigate } from 'react-router';

import { places } from '@/app/navigation';
import { useTasks } from '@/features/jobs/api/list-tasks';
import { setTheme, type ThemeChoice } from '@/features/theme/theme';
import { useLogout } from '@/features/session/api/logout';
import { isAdmin, mayChange, useCaller } from '@/features/session/use-caller';
import { useScopedLink } from '@/features/session/use-scope';
import { newJobPath } from '@/lib/current-params';
import { statuses, statusLabel } from '@/lib/status';

import { fromText, narrow, type Command } from './commands';

const themes: ThemeChoice[] = ['light', 'dark', 'system'];

export function useCommands(text: string, onHelp: () => void): Command[] {
  const navigate = useNavigate();
  const logout = useLogout();
  const { role } = useCaller();
  const creates = mayChange(role);
  const tasks = useTasks().data ?? [];
  const link = useScopedLink();
  const go = (to: string): void => { void navigate(link(to)); };
  const all: Command[] = [
    ...(creates ? [{ id: 'new', label: 'New job', group: 'Action', run: () => { void navigate(newJobPath(link)); } }] : []),
    ...places.map(({ to, label }) => ({ id: to, label: `Go to ${label.toLowerCase()}`, group: 'Page', run: () => { go(to); } })),
    ...(isAdmin(role) ? [{ id: 'members', label: 'Go to members and roles', group: 'Page', run: () => { go('/settings/members'); } }] : []),
    ...statuses.map((status) => ({ id: status, label: `Show ${statusLabel[status].toLowerCase()} jobs`, group: 'Filter', run: () => { go(`/?status=${status}`); } })),
    ...(creates ? tasks : []).map(({ name }) => ({ id: `task-${name}`, label: `New ${name} job`, group: 'Action', run: () => { void navigate(newJobPath(link, name)); } })),
    ...themes.map((theme) => ({ id: theme, label: `Theme: ${theme}`, group: 'Action', run: () => { setTheme(theme); } })),
    { id: 'help', label: 'Keyboard shortcuts', group: 'Action', run: onHelp },
    { id: 'logout', label: 'Log out', group: 'Action', run: () => { logout.mutate(); } },
  ];
  return [...narrow(all, text), ...fromText(text, go)];
}
