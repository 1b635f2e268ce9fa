import { loadable } from '@/components/loadable';

export const Palette = loadable(() => import('@/features/palette/components/palette'), (module) => module.default);
export const Help = loadable(() => import('@/features/palette/components/help'), (module) => module.default);
