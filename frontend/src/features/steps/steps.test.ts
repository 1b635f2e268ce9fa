import { describe, expect, it } from 'vitest';

import { at, step } from '@/testing/steps';

import { axisOf, barOf, bytes, durationOf, eventNameProblem, isCopy, kindOf, stateOf, takesSteps, titleOf, type Moment } from './steps';

const moment = (s: number, ended = false): Moment => ({ at: Date.parse(at(s)), ended });
const sleep = step('cool', 0, { kind: 'sleep', status: 'waiting', endedAt: null, until: at(10), attempts: 0 });
const wait = step('approval', 2, { kind: 'event', status: 'waiting', endedAt: null, attempts: 0 });

describe('a step in words', () => {
  it('is told by its name and which one of its name it is', () => {
    expect([titleOf(step('load', 0)), titleOf(step('load', 0, { n: 3 }))]).toEqual(['load', 'load #3']);
  });

  it('has a kind; an item of a map has one of its own', () => {
    expect([kindOf(step('load', 0)), kindOf(step('part[12]', 0)), kindOf(sleep), kindOf({ kind: 'invoke', name: 'pay[1]' })]).toEqual(['Step', 'Map item', 'Sleep', 'Job']);
  });

  it('is a copy if a redrive made it', () => {
    expect([isCopy(step('a', 0)), isCopy(step('a', 0, { version: 0 }))]).toEqual([false, true]);
  });
});

describe('its state', () => {
  it('is that of the record, and open until it has an end', () => {
    expect(stateOf(step('a', 0), moment(5))).toMatchObject({ label: 'Completed', open: false });
    expect(stateOf(step('a', 0, { status: 'failed' }), moment(5))).toMatchObject({ label: 'Failed', status: 'dlq', open: false });
    expect(stateOf(wait, moment(5))).toMatchObject({ label: 'Waiting', open: true });
  });

  it('of a sleep is completed once its time is over, which is recorded nowhere', () => {
    expect(stateOf(sleep, moment(9)).label).toBe('Waiting');
    expect(stateOf(sleep, moment(10))).toMatchObject({ label: 'Completed', open: false });
  });

  it('is not open once the job has ended', () => {
    expect(stateOf(wait, moment(5, true))).toEqual({ label: 'Not ended', status: 'cancelled', open: false });
    expect(stateOf(sleep, moment(12, true)).label).toBe('Completed');
  });
});

describe('the axis', () => {
  it('reaches from the first beginning to the last end, and open steps up to now', () => {
    const axis = axisOf([sleep, wait], moment(4));
    expect(axis).toEqual({ fromMs: Date.parse(at(0)), spanMs: 4000 });
    expect(barOf(wait, axis, moment(4))).toEqual({ from: 0.5, width: 0.5 });
    expect(durationOf(sleep, moment(60))).toBe(10_000);
  });

  it('draws durations to scale', () => {
    const steps = [step('a', 0), step('b', 1, { endedAt: at(4) })];
    const axis = axisOf(steps, moment(100));
    expect(steps.map((each) => barOf(each, axis, moment(100)))).toEqual([{ from: 0, width: 0.25 }, { from: 0.25, width: 0.75 }]);
  });

  it('has a length also for steps without a duration, and none is negative', () => {
    const instant = step('now', 0, { kind: 'now', endedAt: at(0) });
    expect(axisOf([instant], moment(9)).spanMs).toBe(1);
    expect(durationOf(wait, moment(1))).toBe(0);
  });
});

it('takes a job for durable by what it did, also before its steps were read', () => {
  const none = { steps: [], events: [] };
  expect(takesSteps({ status: 'running', attempts: [] }, undefined)).toBe(false);
  expect(takesSteps({ status: 'completed', attempts: [] }, none)).toBe(false);
  expect(takesSteps({ status: 'waiting', attempts: [] }, undefined)).toBe(true);
  expect(takesSteps({ status: 'completed', attempts: [] }, { ...none, steps: [step('a', 0)] })).toBe(true);
});

it('refuses names that no event may have', () => {
  expect(['approval', 'a.b-c_1', 'x'.repeat(64)].map(eventNameProblem)).toEqual([undefined, undefined, undefined]);
  for (const name of ['', '..', 'a/b', ' a', 'ä', 'x'.repeat(65)]) expect(eventNameProblem(name)).toMatch(/^A name has/);
});

it('writes sizes', () => {
  expect([0, 999, 1000, 262_144].map(bytes)).toEqual(['0 B', '999 B', '1.0 kB', '262.1 kB']);
});
