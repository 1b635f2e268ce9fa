import type { Schedule } from '@/types';

import { stateColour, stateName } from '../words';

export function StateTag({ schedule }: { schedule: Pick<Schedule, 'state'> }) {
  return <span data-status={stateColour[schedule.state]} className="tint rounded-full px-2 text-xs leading-5 font-medium">{stateName[schedule.state]}</span>;
}
