// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';

import { PeriodPick } from './period-pick';

afterEach(cleanup);

it('reports the end that changed alone: the other one may be a click behind', () => {
  const change = vi.fn();
  render(<PeriodPick label="Any time" from="2026-01-01T00:00:00.000Z" to="" onChange={change} />);
  fireEvent.change(screen.getByLabelText('Any time'), { target: { value: 'choose' } });
  fireEvent.change(screen.getByLabelText('From'), { target: { value: '2026-02-01T10:00' } });
  fireEvent.change(screen.getByLabelText('To'), { target: { value: '2026-02-02T10:00' } });
  expect(change.mock.calls).toEqual([[{ from: new Date('2026-02-01T10:00').toISOString() }], [{ to: new Date('2026-02-02T10:00').toISOString() }]]);
});

it('counts a relative period from when it is picked, each time', () => {
  vi.useFakeTimers({ now: new Date('2026-02-01T10:00:00Z') });
  const change = vi.fn();
  render(<PeriodPick label="Any time" from="" to="" onChange={change} />);
  const pick = (): void => { fireEvent.change(screen.getByLabelText('Any time'), { target: { value: '3600000' } }); };
  pick();
  vi.setSystemTime(new Date('2026-02-01T12:00:00Z'));
  pick();
  vi.useRealTimers();
  expect(change.mock.calls).toEqual([[{ from: '2026-02-01T09:00:00.000Z', to: '' }], [{ from: '2026-02-01T11:00:00.000Z', to: '' }]]);
});
