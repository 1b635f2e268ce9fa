import type { WebhookEvent } from '@/types';

/** What a webhook may report, in the order of the form. */
export const eventMeaning: Record<WebhookEvent, string> = {
  'job.completed': 'a job completed',
  'job.failed': 'an attempt failed, whether or not it is tried again',
  'job.dead': 'a job went to the dead letters',
  'job.cancelled': 'a job was cancelled',
  'job.skipped': 'a job was skipped: what it waited for ended otherwise',
  'batch.completed': 'all jobs of a batch completed',
  'batch.failed': 'a batch ended, and not all its jobs completed',
  'batch.cancelled': 'a batch was cancelled',
  'workflow.completed': 'a workflow completed',
  'workflow.failed': 'a workflow failed',
  'workflow.cancelled': 'a workflow was cancelled',
  'alert.firing': 'an alert rule fires',
  'alert.resolved': 'an alert rule fires no longer',
};

export const webhookEvents = Object.keys(eventMeaning) as WebhookEvent[];

/** Why a webhook is paused. */
export const pauseMeaning: Record<string, string> = {
  by_hand: 'paused',
  failing: 'paused after a day of failures',
  gone: 'paused: the receiver answered 410 Gone',
};
