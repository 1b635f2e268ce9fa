import { Keyboard, Search } from 'lucide-react';

import { IconButton } from '@/components/button';
import { Logo } from '@/components/logo';
import { LivePill } from '@/features/live/components/live-pill';

interface TopBarProps {
  onPalette: () => void;
  onHelp: () => void;
}

const isMac = navigator.userAgent.includes('Mac');

export function TopBar({ onPalette, onHelp }: TopBarProps) {
  return (
    <header className="sticky top-0 z-20 flex h-14 items-center gap-3 border-b border-line bg-bg/85 px-4 backdrop-blur-md sm:px-6 lg:px-8">
      <Logo compact className="md:hidden" />
      <button
        type="button"
        onClick={onPalette}
        className="flex h-9 min-w-0 flex-1 items-center gap-2 rounded-lg border border-line bg-surface px-3 text-ink-3 transition-colors hover:border-line-strong hover:text-ink-2 sm:max-w-72"
      >
        <Search aria-hidden className="size-4 shrink-0" />
        <span className="truncate">Search or go to…</span>
        <kbd className="ml-auto hidden rounded border border-line bg-sunken px-1.5 font-mono text-2xs sm:inline">{isMac ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <div className="ml-auto flex items-center gap-2">
        <LivePill />
        <IconButton label="Keyboard shortcuts" onClick={onHelp} className="max-md:hidden"><Keyboard /></IconButton>
      </div>
    </header>
  );
}
