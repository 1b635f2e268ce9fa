import { stateColour, stateLabel, stateOf, type Standing } from '../limits';

export function LimitBadge({ limit }: { limit: Standing }) {
  const state = stateOf(limit);
  return <span data-testid="limit-state" data-status={stateColour[state]} className="tint rounded-full px-2 text-xs leading-5 font-medium whitespace-nowrap">{stateLabel[state]}</span>;
}
