import { scopesOf, useCaller } from '@/features/session/use-caller';

import { useHearScope } from './use-hear-scope';

/** Asks for the events of what a page shows: those of someone else are in the wider scope only. */
export function useHearOwner(shown: { ownerId: string } | undefined): void {
  const me = useCaller();
  const others = shown !== undefined && shown.ownerId !== me._id;
  useHearScope(others ? (scopesOf(me.role).at(-1) ?? 'own') : 'own');
}
