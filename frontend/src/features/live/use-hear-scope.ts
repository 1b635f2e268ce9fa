import { useEffect } from 'react';

import type { Scope } from '@/types';

import { useConnection } from './components/live-provider';

/** Asks for the events of the scope that the page shows. */
export function useHearScope(scope: Scope): void {
  const connection = useConnection();
  useEffect(() => { connection.hear(scope); }, [connection, scope]);
}
