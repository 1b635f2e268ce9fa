import { loadable } from '@/components/loadable';

/** The pages behind the guard, each in a chunk of its own. */
export const pages = {
  dashboard: loadable(() => import('@/features/dashboard/components/dashboard-page'), (module) => module.Component),
  job: loadable(() => import('@/features/jobs/components/job-page'), (module) => module.Component),
  dlq: loadable(() => import('@/features/dlq/components/dlq-page'), (module) => module.Component),
  queues: loadable(() => import('@/features/queues/components/queues-page'), (module) => module.Component),
  workflows: loadable(() => import('@/features/workflows/components/workflows-page'), (module) => module.Component),
  workflow: loadable(() => import('@/features/workflows/components/workflow-page'), (module) => module.Component),
  batches: loadable(() => import('@/features/batches/components/batches-page'), (module) => module.Component),
  batch: loadable(() => import('@/features/batches/components/batch-page'), (module) => module.Component),
  operations: loadable(() => import('@/features/operations/components/operations-page'), (module) => module.Component),
  limits: loadable(() => import('@/features/limits/components/limits-page'), (module) => module.Component),
  limit: loadable(() => import('@/features/limits/components/limit-page'), (module) => module.Component),
  schedules: loadable(() => import('@/features/schedules/components/schedules-page'), (module) => module.Component),
  schedule: loadable(() => import('@/features/schedules/components/schedule-page'), (module) => module.Component),
  metrics: loadable(() => import('@/features/metrics/components/metrics-page'), (module) => module.Component),
  analytics: loadable(() => import('@/features/analytics/components/analytics-page'), (module) => module.Component),
  alerts: loadable(() => import('@/features/alerts/components/alerts-page'), (module) => module.Component),
  settings: loadable(() => import('@/features/settings/components/settings-page'), (module) => module.Component),
};
