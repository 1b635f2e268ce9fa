import { loadable } from '@/components/loadable';

export const RetryNodeDialog = loadable(() => import('./retry-node-dialog'), (module) => module.default);
