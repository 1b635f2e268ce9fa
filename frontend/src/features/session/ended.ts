/** Why the session ended, for whoever has to say it. Pure words, and one store. */

/** The codes of a 401 that tell of a session which was good before; `unauthenticated`: its cookie has expired. */
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

/** Whether the page stays as it is behind the log-in: not for those who left, nor for those who may not come back. */
export function keepsPage(code: string): boolean {
  return code !== 'logged_out' && code !== 'account_removed';
}

let ended: string | null = null;
const watchers = new Set<() => void>();

/** The code of what ended the session, null while it is good or nobody was logged in. */
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
