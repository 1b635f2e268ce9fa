import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { api, ApiError, buildUrl, session } from './api-client';

const answer = (status: number, body: unknown) => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }));
const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();

beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal('fetch', fetched);
});
afterEach(() => {
  session.remember(undefined);
  vi.unstubAllGlobals();
});

describe('a call', () => {
  it('fills the path, repeats lists and leaves out what is empty', () => {
    expect(buildUrl('/queues/{name}/pause', { path: { name: 'a/b' } })).toBe('/api/queues/a%2Fb/pause');
    expect(buildUrl('/job', { query: { status: ['pending', 'dlq'], q: '', limit: 50, tag: undefined } })).toBe('/api/job?status=pending&status=dlq&limit=50');
  });

  it('sends the CSRF token with what changes something, and only there', async () => {
    session.remember('csrf');
    fetched.mockImplementation(() => answer(200, {}));
    await api.get('/queues');
    await api.delete('/job/{id}', { path: { id: 'x' } });
    const headers = fetched.mock.calls.map(([, init]) => init.headers as Record<string, string>);
    expect(headers.map((of) => of['X-CSRF-Token'])).toEqual([undefined, 'csrf']);
  });

  it('throws what the API says, with field and trace', async () => {
    fetched.mockImplementation(() => answer(400, { error: 'Bad', message: 'Too long', code: 'invalid_input', field: 'name', traceId: 't' }));
    await expect(api.get('/queues')).rejects.toMatchObject({ message: 'Too long', status: 400, code: 'invalid_input', field: 'name', traceId: 't', away: false });
  });

  it('tells an API that is away from one that says no', async () => {
    fetched.mockImplementation(() => Promise.reject(new TypeError('Failed to fetch')));
    const error: unknown = await api.get('/queues').catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).away).toBe(true);
  });

  it('ends the session on 401', async () => {
    const lost = vi.fn();
    session.whenLost(lost);
    fetched.mockImplementation(() => answer(401, { error: 'Authorisation Denied' }));
    await expect(api.get('/queues')).rejects.toThrow('Authorisation Denied');
    expect(lost).toHaveBeenCalledOnce();
  });
});
