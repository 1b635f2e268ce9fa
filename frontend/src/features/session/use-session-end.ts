import { useSyncExternalStore } from 'react';

import { sessionEnd } from './ended';

export function useSessionEnd(): string | null {
  return useSyncExternalStore(sessionEnd.watch, sessionEnd.read);
}
