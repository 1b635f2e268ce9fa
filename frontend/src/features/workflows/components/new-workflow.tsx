import { loadable } from '@/components/loadable';

export const NewWorkflowDialog = loadable(() => import('./new-workflow-dialog'), (module) => module.default);
