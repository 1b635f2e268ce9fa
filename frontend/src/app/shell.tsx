import { Suspense, useEffect, useMemo, useState } from 'react';
import { Outlet, useLocation, useNavigate } from 'react-router';

import { Boundary, Overlay } from '@/components/loadable';
import { NewJobDialog } from '@/features/jobs/components/new-job';
import { AwayBanner } from '@/features/live/components/away-banner';
import { LiveProvider } from '@/features/live/components/live-provider';
import { LogInAgain } from '@/features/session/components/guard';
import { mayChange, useCaller } from '@/features/session/use-caller';
import { useScopedLink } from '@/features/session/use-scope';
import { newJobPath } from '@/lib/current-params';
import { useHotkeys } from '@/lib/use-hotkeys';

import { places } from './navigation';
import { NewVersionBanner } from './new-version-banner';
import { Help, Palette } from './overlays';
import { pages } from './pages';
import { Sidebar } from './sidebar';
import { TabBar } from './tab-bar';
import { TopBar } from './top-bar';

type Open = 'palette' | 'help' | null;

/** Fetches the code of all pages ahead: later the server may be down, or have a newer version. */
const PRELOAD_MS = 2_000;

function usePreload(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const part of [...Object.values(pages), Palette, Help, NewJobDialog, LogInAgain]) part.preload();
    }, PRELOAD_MS);
    return () => { clearTimeout(timer); };
  }, []);
}

function useShellKeys(show: (overlay: Open) => void): void {
  const creates = mayChange(useCaller().role);
  const navigate = useNavigate();
  const link = useScopedLink();
  const keys = useMemo(() => ({
    'mod+k': () => { show('palette'); },
    '?': () => { show('help'); },
    ...(creates && { n: () => { void navigate(newJobPath(link)); } }),
    ...Object.fromEntries(places.map(({ to, key }) => [`g ${key}`, () => { void navigate(link(to)); }])),
  }), [navigate, link, show, creates]);
  useHotkeys(keys);
}

export function Shell() {
  const [overlay, setOverlay] = useState<Open>(null);
  const { pathname, search } = useLocation();
  useShellKeys(setOverlay);
  usePreload();
  const close = (): void => { setOverlay(null); };
  return (
    <LiveProvider>
      <a href="#content" className="sr-only z-50 rounded-lg bg-primary px-3 py-2 text-on-primary focus:not-sr-only focus:fixed focus:top-2 focus:left-2">Skip to content</a>
      <div className="flex min-h-dvh">
        <Sidebar />
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar onPalette={() => { setOverlay('palette'); }} onHelp={() => { setOverlay('help'); }} />
          <AwayBanner />
          <NewVersionBanner />
          <main id="content" data-at={pathname + search} tabIndex={-1} className="outline-none">
            <Boundary resetKey={pathname}><Suspense fallback={<p role="status" className="p-8 text-ink-3">Loading…</p>}><Outlet /></Suspense></Boundary>
          </main>
        </div>
        <TabBar />
      </div>
      {overlay === 'palette' ? <Overlay onClose={close}><Palette onClose={close} onHelp={() => { setOverlay('help'); }} /></Overlay> : null}
      {overlay === 'help' ? <Overlay onClose={close}><Help onClose={close} /></Overlay> : null}
    </LiveProvider>
  );
}
