import { describe, expect, it } from 'vitest';

import { axisDuration, axisPercent, count, duration, percent, plural, rate, relative, wholeDuration } from './format';

describe('numbers as people read them', () => {
  it('never rounds a share up to all or down to nothing', () => {
    expect([percent(1), percent(0.99999), percent(0.00001), percent(0), percent(0.5), percent(null)]).toEqual(['100%', '99.9%', '0.1%', '0%', '50.0%', '–']);
    expect([axisPercent(0), axisPercent(0.025), axisPercent(0.1)]).toEqual(['0%', '2.5%', '10%']);
  });

  it('writes durations in one or two units', () => {
    expect([duration(0), duration(840), duration(2_400), duration(59_999), duration(200_000), duration(7_500_000), duration(90_000_000), duration(null)]).toEqual(['0 ms', '840 ms', '2.4 s', '1 min', '3 min 20 s', '2 h 5 min', '1 d 1 h', '–']);
  });

  it('ticks in whole seconds, and keeps axes short', () => {
    expect([wholeDuration(0), wholeDuration(400), wholeDuration(7_900), wholeDuration(200_500)]).toEqual(['0 s', '<1 s', '7 s', '3 min 20 s']);
    expect([axisDuration(0), axisDuration(250), axisDuration(2_500), axisDuration(10_000)]).toEqual(['0', '250 ms', '2.5 s', '10 s']);
  });

  it('writes ages and what is to come', () => {
    const now = Date.parse('2026-01-01T12:00:00Z');
    expect([relative('2026-01-01T11:59:59.500Z', now), relative('2026-01-01T11:59:30Z', now), relative('2026-01-01T12:05:00Z', now), relative('2025-12-30T12:00:00Z', now)]).toEqual(['just now', '30 s ago', 'in 5 min', '2 d ago']);
  });

  it('writes rates with a fraction where that says something', () => {
    expect([rate(0), rate(0.5), rate(3), rate(12.4), rate(1_234.5)]).toEqual(['0', '0.5', '3.0', '12', '1,235']);
  });

  it('groups thousands and shortens from a hundred thousand', () => {
    expect([count(99_999), count(123_456), plural(1, 'job'), plural(2_000, 'job')]).toEqual(['99,999', '123.5K', '1 job', '2,000 jobs']);
  });
});
