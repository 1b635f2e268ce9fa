import type { KeyScope } from '@/types';

/** What each scope of an API key allows, in the order of the form. */
export const scopeMeaning: Record<KeyScope, string> = {
  'jobs:read': 'reads jobs, queues and metrics, and receives events',
  'jobs:write': 'submits and changes jobs, workflows and schedules',
  'dlq:write': 'redrives and deletes dead letters',
  'queues:write': 'pauses and resumes queues',
  admin: 'members, limits, settings; includes all others',
};

export const keyScopes = Object.keys(scopeMeaning) as KeyScope[];
