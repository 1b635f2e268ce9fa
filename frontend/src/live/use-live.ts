import { useSyncExternalStore } from 'react';

import type { LiveState } from './connection';
import { liveStore } from './live-store';

export function useLiveState(): LiveState {
  return useSyncExternalStore(liveStore.watch, liveStore.read);
}
