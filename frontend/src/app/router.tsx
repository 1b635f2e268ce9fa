import { createBrowserRouter } from 'react-router';

import { Guard } from '@/features/session/components/guard';

import { pages } from './pages';
import { NotFoundPage, RouteError } from './route-error';

const links = () => import('@/features/session/components/link-pages');

export const router = createBrowserRouter([
  {
    errorElement: <RouteError />,
    hydrateFallbackElement: <></>,
    children: [
      { path: '/login', lazy: () => import('@/features/session/components/login-page') },
      { path: '/forgot-password', lazy: async () => ({ Component: (await links()).ForgotPassword }) },
      { path: '/reset-password', lazy: async () => ({ Component: (await links()).ResetPassword }) },
      { path: '/join', lazy: async () => ({ Component: (await links()).Join }) },
      { path: '/unsubscribe', lazy: async () => ({ Component: (await links()).Unsubscribe }) },
      { path: '/signup', lazy: () => import('@/features/session/components/sign-up-page') },
      {
        element: <Guard />,
        children: [
          {
            lazy: async () => ({ Component: (await import('./shell')).Shell }),
            children: [
              { path: '/', Component: pages.dashboard },
              { path: '/jobs/:id', Component: pages.job },
              { path: '/job/:id', Component: pages.job },
              { path: '/dlq', Component: pages.dlq },
              { path: '/queues', Component: pages.queues },
              { path: '/workflows', Component: pages.workflows },
              { path: '/workflows/:id', Component: pages.workflow },
              { path: '/batches', Component: pages.batches },
              { path: '/batches/:id', Component: pages.batch },
              { path: '/operations', Component: pages.operations },
              { path: '/limits', Component: pages.limits },
              { path: '/limits/:name', Component: pages.limit },
              { path: '/schedules', Component: pages.schedules },
              { path: '/schedules/:name', Component: pages.schedule },
              { path: '/metrics', Component: pages.metrics },
              { path: '/analytics', Component: pages.analytics },
              { path: '/alerts', Component: pages.alerts },
              { path: '/settings/:tab?', Component: pages.settings },
              { path: '*', Component: NotFoundPage },
            ],
          },
        ],
      },
    ],
  },
]);
