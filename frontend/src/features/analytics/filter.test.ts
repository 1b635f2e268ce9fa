import { expect, it } from 'vitest';

import { analyticsParams, boundsOf, change, parseAnalytics } from './filter';

it('reads what it writes', () => {
  for (const text of ['', 'range=7d&by=queue', 'from=2030-01-01T00:00:00.000Z&to=2030-01-02T00:00:00.000Z&task=a', 'by=worker&queue=b']) {
    const filter = parseAnalytics(new URLSearchParams(text));
    expect(parseAnalytics(new URLSearchParams(analyticsParams(filter)))).toEqual(filter);
  }
  expect(parseAnalytics(new URLSearchParams('range=9y&by=colour&from=yesterday'))).toEqual(parseAnalytics(new URLSearchParams()));
});

it('ends a range now unless a period is chosen', () => {
  const now = Date.parse('2030-01-02T00:00:00Z');
  expect(boundsOf({ range: '24h', from: '', to: '' }, now)).toEqual({ from: '2030-01-01T00:00:00.000Z', to: '2030-01-02T00:00:00.000Z' });
  expect(boundsOf({ range: '1h', from: '2029-12-31T00:00:00.000Z', to: '2030-01-01T00:00:00.000Z' }, now)).toEqual({ from: '2029-12-31T00:00:00.000Z', to: '2030-01-01T00:00:00.000Z' });
});

it('says how a number changed', () => {
  expect([change(120, 100), change(95, 100), change(1, 0), change(0, 0), change(0, 4), change(100, 100)]).toEqual(['+20%', '−5%', 'new', '', '−100%', '±0%']);
});
