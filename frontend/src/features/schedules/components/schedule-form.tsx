import { loadable } from '@/components/loadable';

export const ScheduleDialog = loadable(() => import('./schedule-dialog'), (module) => module.default);
