import { RefreshCw } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { Button } from '@/components/button';
import { version } from '@/lib/version';

/** Says that the server has a newer version of the page; the user reloads when it suits. */
export function NewVersionBanner() {
  const outdated = useSyncExternalStore(version.watch, version.isOutdated);
  if (!outdated) return null;
  return (
    <div role="status" data-testid="new-version" className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-accent-soft px-4 py-2 sm:px-6 lg:px-8">
      <p>A new version of the dashboard is available.</p>
      <Button size="sm" icon={<RefreshCw />} onClick={() => { window.location.reload(); }}>Reload</Button>
    </div>
  );
}
