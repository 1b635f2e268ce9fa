import { createBrowserRouter } from 'react-router';

import { Guard } from '@/features/session/components/guard';

import { NotFoundPage, RouteError } from './route-error';

export const router = createBrowserRouter([
  {
    errorElement: <RouteError />,
    hydrateFallbackElement: <></>,
    children: [
      { path: '/login', lazy: () => import('@/features/session/components/login-page') },
      { path: '/signup', lazy: () => import('@/features/session/components/sign-up-page') },
      {
        element: <Guard />,
        children: [
          {
            lazy: async () => ({ Component: (await import('./shell')).Shell }),
            children: [
              { path: '/', lazy: () => import('@/features/dashboard/components/dashboard-page') },
              { path: '/jobs/:id', lazy: () => import('@/features/jobs/components/job-page') },
              { path: '/job/:id', lazy: () => import('@/features/jobs/components/job-page') },
              { path: '/dlq', lazy: () => import('@/features/dlq/components/dlq-page') },
              { path: '/queues', lazy: () => import('@/features/queues/components/queues-page') },
              { path: '/metrics', lazy: () => import('@/features/metrics/components/metrics-page') },
              { path: '/settings/:tab?', lazy: () => import('@/features/settings/components/settings-page') },
              { path: '*', Component: NotFoundPage },
            ],
          },
        ],
      },
    ],
  },
]);
