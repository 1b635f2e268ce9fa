// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, fireEvent, render, renderHook, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import { HeldSecrets } from '@/components/held-secrets';
import { secrets } from '@/lib/secrets';
import type { User, Webhook } from '@/types';

import { forget } from '../session/forget';
import { useAddMember } from './api/add-member';
import { useCreateApiKey } from './api/create-api-key';
import { useInvite } from './api/invitations';
import { useResetPassword } from './api/reset-password';
import { useSaveWebhook } from './api/save-webhook';
import { useRotateSecret } from './api/webhook-actions';

let queries: QueryClient;
let answer: ((body: object) => void) | undefined;

beforeAll(() => {
  // what jsdom lacks
  Object.assign(HTMLDialogElement.prototype, {
    showModal(this: HTMLDialogElement) { this.open = true; },
    close(this: HTMLDialogElement) { this.open = false; },
  });
});

beforeEach(() => {
  queries = new QueryClient();
  answer = undefined;
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => {
    answer = (body) => { resolve(new Response(JSON.stringify({ success: true, ...body }), { headers: { 'Content-Type': 'application/json' } })); };
  }));
});

afterEach(() => {
  secrets.clear();
  cleanup();
  vi.unstubAllGlobals();
});

const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={queries}>{children}</QueryClientProvider>;
const member = { _id: 'm', username: 'Otto' } as User;
const asking = {
  'a new member': [() => renderHook(() => useAddMember(), { wrapper }), { username: 'Otto', email: 'o@example.com', role: 'member' }, { member, password: 'once' }],
  'a reset password': [() => renderHook(() => useResetPassword(), { wrapper }), member, { member, password: 'once' }],
  'an API key': [() => renderHook(() => useCreateApiKey(), { wrapper }), { name: 'shop', scopes: [] }, { apiKey: { name: 'shop' }, secret: 'once' }],
  'a webhook': [() => renderHook(() => useSaveWebhook(undefined), { wrapper }), { url: '', description: '', events: [] }, { webhook: {} as Webhook, secret: 'once' }],
  'a rotated secret': [() => renderHook(() => useRotateSecret(), { wrapper }), 'w', { secret: 'once' }],
  'an invitation': [() => renderHook(() => useInvite(), { wrapper }), { email: 'o@example.com', role: 'member' }, { invitation: { email: 'o@example.com' }, link: 'once', mailed: false }],
} as const;

it.each(Object.entries(asking))('shows the secret of %s though the dialog that asked is gone, until it is copied', async (_, [ask, input, body]) => {
  render(<HeldSecrets />);
  const asked = ask();
  act(() => { (asked.result.current.mutate as (input: unknown) => void)(input); });
  await vi.waitFor(() => { expect(answer).toBeDefined(); });
  asked.unmount();
  answer?.(body);
  await screen.findByText('once');
  cleanup();
  render(<HeldSecrets />);
  screen.getByText('once');
  expect(document.querySelector('dialog')?.getAttribute('closedby')).toBe('none');
  const leaving = new Event('beforeunload', { cancelable: true });
  window.dispatchEvent(leaving);
  expect(leaving.defaultPrevented).toBe(true);
  fireEvent.click(screen.getByText(/^(I have copied it|Done)$/));
  expect(screen.queryByText('once')).toBeNull();
  expect(window.dispatchEvent(new Event('beforeunload', { cancelable: true }))).toBe(true);
});

it('shows one after the other, and none to the next user of the tab', () => {
  render(<HeldSecrets />);
  const secret = { title: 'T', text: 'x', copy: 'Copy', testId: 't', done: 'Done' };
  act(() => { secrets.hold({ ...secret, value: 'first' }); });
  act(() => { secrets.hold({ ...secret, value: 'second' }); });
  screen.getByText('first');
  fireEvent.click(screen.getByText('Done'));
  screen.getByText('second');
  act(() => { forget(queries); });
  expect(screen.queryByRole('dialog', { hidden: true })).toBeNull();
});
