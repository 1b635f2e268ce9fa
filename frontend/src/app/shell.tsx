import { lazy, Suspense, useMemo, useState } from 'react';
import { Outlet, useNavigate } from 'react-router';

import { AwayBanner } from '@/features/live/components/away-banner';
import { LiveProvider } from '@/features/live/components/live-provider';
import { useScopedLink } from '@/features/session/use-scope';
import { useHotkeys } from '@/lib/use-hotkeys';

import { places } from './navigation';
import { Sidebar } from './sidebar';
import { TabBar } from './tab-bar';
import { TopBar } from './top-bar';

const Palette = lazy(() => import('@/features/palette/components/palette'));
const Help = lazy(() => import('@/features/palette/components/help'));

type Overlay = 'palette' | 'help' | null;

function useShellKeys(show: (overlay: Overlay) => void): void {
  const navigate = useNavigate();
  const link = useScopedLink();
  const keys = useMemo(() => ({
    'mod+k': () => { show('palette'); },
    '?': () => { show('help'); },
    n: () => { void navigate(link('/?new')); },
    ...Object.fromEntries(places.map(({ to, key }) => [`g ${key}`, () => { void navigate(link(to)); }])),
  }), [navigate, link, show]);
  useHotkeys(keys);
}

export function Shell() {
  const [overlay, setOverlay] = useState<Overlay>(null);
  useShellKeys(setOverlay);
  const close = (): void => { setOverlay(null); };
  return (
    <LiveProvider>
      <a href="#content" className="sr-only z-50 rounded-lg bg-primary px-3 py-2 text-on-primary focus:not-sr-only focus:fixed focus:top-2 focus:left-2">Skip to content</a>
      <div className="flex min-h-dvh">
        <Sidebar />
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar onPalette={() => { setOverlay('palette'); }} onHelp={() => { setOverlay('help'); }} />
          <AwayBanner />
          <main id="content" tabIndex={-1} className="outline-none"><Outlet /></main>
        </div>
        <TabBar />
      </div>
      <Suspense>
        {overlay === 'palette' ? <Palette onClose={close} onHelp={() => { setOverlay('help'); }} /> : null}
        {overlay === 'help' ? <Help onClose={close} /> : null}
      </Suspense>
    </LiveProvider>
  );
}
