import { describe, expect, it } from 'vitest';

import type { Alert } from '@/types';

import { blankForm, changeOf, conditionOf, formOf, isMuted, readingText, ruleOf, valueText } from './alerts';

const known: Alert = {
  _id: 'a'.repeat(24), tenantId: 'b'.repeat(24), ownerId: 'c'.repeat(24), name: 'Mail fails', kind: 'failure_rate', scope: 'tenant', threshold: 12.5, windowS: 900, minJobs: 20,
  queue: 'mail', task: null, schedule: null, condition: '', forS: 90, repeatS: 3600, severity: 'critical', enabled: true, mutedUntil: null, status: 'ok', since: null, value: null, subject: '', jobs: null,
  checkedAt: null, firings: 0, firedAt: null, con: '', mon: '',
};

describe('the form of a rule', () => {
  it('shows a rule and sends the same again', () => {
    expect(formOf(known)).toMatchObject({ threshold: '12.5', windowMin: '15', forMin: '1.5', repeatMin: '60', queue: 'mail', task: '' });
    expect(ruleOf(formOf(known))).toEqual({ name: 'Mail fails', kind: 'failure_rate', scope: 'tenant', threshold: 12.5, windowS: 900, minJobs: 20, queue: 'mail', task: null, schedule: null, forS: 90, repeatS: 3600, severity: 'critical', enabled: true });
  });

  it('counts ages in minutes and sends seconds', () => {
    expect(conditionOf({ ...blankForm, threshold: '2,5' })).toEqual({ kind: 'queue_age', scope: 'tenant', threshold: 150, queue: null, task: null, schedule: null });
    expect(formOf({ ...known, kind: 'queue_age', threshold: 600 }).threshold).toBe('10');
  });

  it('leaves out names that the kind or the scope does not have', () => {
    const names = { queue: 'mail', task: 'send', schedule: 'nightly' };
    expect(conditionOf({ ...blankForm, ...names })).toMatchObject({ queue: 'mail', task: null, schedule: null });
    expect(conditionOf({ ...blankForm, ...names, kind: 'schedule_overdue' })).toMatchObject({ queue: null, task: null, schedule: 'nightly' });
    expect(conditionOf({ ...blankForm, ...names, kind: 'dlq_growth', scope: 'all' })).toMatchObject({ queue: null, task: 'send', schedule: null });
  });

  it('is not complete while a number is none', () => {
    expect(conditionOf({ ...blankForm, threshold: 'x' })).toBeNull();
    expect(conditionOf({ ...blankForm, kind: 'dlq_growth', windowMin: '' })).toBeNull();
    expect(ruleOf({ ...blankForm, forMin: '-1' })).toBeNull();
  });

  it('changes all but kind and scope', () => {
    const rule = ruleOf(formOf(known));
    expect(rule && Object.keys(changeOf(rule))).not.toContain('kind');
    expect(rule && Object.keys(changeOf(rule))).not.toContain('scope');
  });
});

it('says what was measured', () => {
  expect(valueText('queue_age', 0)).toBe('0 s');
  expect(valueText('queue_age', 754.3)).toBe('12 min 34 s');
  expect(valueText('schedule_failures', 1)).toBe('1 job');
  expect(valueText('failure_rate', null)).toBe('nothing to measure');
  expect(readingText('failure_rate', { value: 33.333, subject: 'send', jobs: 1200 })).toBe('33.33 % of 1,200 jobs (send)');
});

it('is muted until a time', () => {
  expect(isMuted({ mutedUntil: null }, 0)).toBe(false);
  expect(isMuted({ mutedUntil: '2026-01-01T00:00:00Z' }, Date.parse('2025-12-31T00:00:00Z'))).toBe(true);
  expect(isMuted({ mutedUntil: '2026-01-01T00:00:00Z' }, Date.parse('2026-01-02T00:00:00Z'))).toBe(false);
});
