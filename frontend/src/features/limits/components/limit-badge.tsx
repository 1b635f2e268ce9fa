import type { Limit } from '@/types';

import { stateColour, stateLabel, stateOf } from '../limits';

export function LimitBadge({ limit }: { limit: Limit }) {
  const state = stateOf(limit);
  return <span data-testid="limit-state" data-status={stateColour[state]} className="tint rounded-full px-2 text-xs leading-5 font-medium whitespace-nowrap">{stateLabel[state]}</span>;
}
