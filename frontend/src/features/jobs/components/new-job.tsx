import { loadable } from '@/components/loadable';

export const NewJobDialog = loadable(() => import('./new-job-dialog'), (module) => module.default);
