import { loadable } from '@/components/loadable';

export const SendEventDialog = loadable(() => import('./send-event-dialog'), (module) => module.default);
