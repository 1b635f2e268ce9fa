/** Why the session ended: texts, and one store. */

/** The codes of a 401 for a session that was valid before; `unauthenticated`: its cookie has expired. */
const words: Record<string, string> = {
  session_expired: 'Your session has expired.',
  unauthenticated: 'Your session has expired.',
  password_changed: 'Your password was changed, which ended your other sessions.',
  role_changed: 'Your role was changed.',
  account_removed: 'Your account was removed from its workspace.',
  logged_out: 'You have logged out.',
  invalid_token: 'Your session is no longer valid.',
};

export function sessionEndText(code: string): string {
  return words[code] ?? 'Your session has ended.';
}

/** Whether the page stays behind the log-in: not after a log-out, nor for removed accounts. */
export function keepsPage(code: string): boolean {
  return code !== 'logged_out' && code !== 'account_removed';
}

let ended: string | null = null;
const watchers = new Set<() => void>();

/** Why the session ended, as a code; null while it is valid or nobody was logged in. */
export const sessionEnd = {
  read: (): string | null => ended,
  set: (code: string | null): void => {
    if (code === ended) return;
    ended = code;
    for (const watcher of watchers) watcher();
  },
  watch: (watcher: () => void): (() => void) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
};
