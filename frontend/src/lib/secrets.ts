/**
 * Secrets that are shown once, each until somebody has copied it. They are kept apart from the component that asked for
 * them, which can unmount at any time: by a link, a refetch, an error beside it. In memory only.
 */
export interface Secret {
  /** Title of the dialog. */
  title: string;
  text: string;
  value: string;
  /** Label of the button that copies it. */
  copy: string;
  testId: string;
  /** Label of the button that closes the dialog. */
  done: string;
}

let held: Secret[] = [];
const watchers = new Set<() => void>();

/** The browser asks before it reloads or closes the page. */
const onLeave = (event: Event): void => { event.preventDefault(); };

function set(secrets: Secret[]): void {
  held = secrets;
  if (held.length > 0) window.addEventListener('beforeunload', onLeave);
  else window.removeEventListener('beforeunload', onLeave);
  for (const watcher of watchers) watcher();
}

export const secrets = {
  hold: (secret: Secret): void => { set([...held, secret]); },
  drop: (secret: Secret): void => { set(held.filter((each) => each !== secret)); },
  clear: (): void => { set([]); },
  read: (): readonly Secret[] => held,
  watch: (watcher: () => void): (() => void) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
};
