/** Whether this page is still the one that is served. */

let outdated = false;
const watchers = new Set<() => void>();

export const version = {
  isOutdated: (): boolean => outdated,
  watch: (watcher: () => void): (() => void) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
};

const LIMIT_MS = 8_000;

/** The address of our first script, which has a hash of all that the build is made of. */
const ours = (): string | null | undefined => document.querySelector('script[type="module"][src]')?.getAttribute('src');

/** Looks at the page as it is served now: whether it starts with another script than ours. False while that is unknown. */
export async function checkVersion(): Promise<boolean> {
  const script = ours();
  const page = await fetch('/', { cache: 'no-store', signal: AbortSignal.timeout(LIMIT_MS) })
    .then((response) => (response.ok ? response.text() : ''))
    .catch(() => '');
  if (script && page.includes('type="module"') && !page.includes(script)) {
    outdated = true;
    for (const watcher of watchers) watcher();
  }
  return outdated;
}
