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

  it('distinguishes an API that is down from one that refuses', async () => {
    fetched.mockImplementation(() => Promise.reject(new TypeError('Failed to fetch')));
    const error: unknown = await api.get('/queues').catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).away).toBe(true);
  });

  it('sends a number that no double holds as it came', async () => {
    fetched.mockImplementation(() => Promise.resolve(new Response('{"job":{"payload":{"id":9007199254740993}}}', { headers: { 'content-type': 'application/json' } })));
    const { job } = await api.get('/job/{id}', { path: { id: 'x' } });
    await api.post('/dlq/{id}/redrive', { path: { id: 'x' }, body: { payload: job.payload as Record<string, unknown> } });
    expect(fetched.mock.calls[1]?.[1].body).toBe('{"payload":{"id":9007199254740993}}');
  });

  it('gives up on an API that hangs', async () => {
    vi.useFakeTimers();
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => { const stop = new AbortController(); setTimeout(() => { stop.abort(new DOMException('late', 'TimeoutError')); }, ms); return stop.signal; });
    fetched.mockImplementation((_url, { signal }) => new Promise((_, refuse) => { signal?.addEventListener('abort', () => { refuse(signal.reason as Error); }); }));
    const answered = api.get('/queues').catch((cause: unknown) => cause);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(await answered).toMatchObject({ code: 'timeout', away: true });
    vi.useRealTimers();
  });

  it('asks who is logged in when the CSRF token is of another session, and tries again for the same user only', async () => {
    const renew = vi.fn(() => { session.remember('new'); return Promise.resolve(true); });
    session.renewBy(renew);
    session.remember('old');
    fetched.mockImplementation((_url, { headers }) => ((headers as Record<string, string>)['X-CSRF-Token'] === 'new' ? answer(200, { ok: true }) : answer(403, { code: 'wrong_csrf_token', error: 'wrong' })));
    await expect(api.delete('/job/{id}', { path: { id: 'x' } })).resolves.toEqual({ ok: true });
    session.renewBy(() => Promise.resolve(false));
    session.remember('old');
    await expect(api.delete('/job/{id}', { path: { id: 'x' } })).rejects.toMatchObject({ code: 'wrong_csrf_token' });
    expect(fetched).toHaveBeenCalledTimes(3);
  });

  it('ends the session on 401, and says why', async () => {
    const lost = vi.fn();
    session.whenLost(lost);
    fetched.mockImplementation(() => answer(401, { error: 'Authorisation Denied', code: 'session_expired' }));
    await expect(api.get('/queues')).rejects.toThrow('Authorisation Denied');
    expect(lost).toHaveBeenCalledExactlyOnceWith('session_expired');
  });
});
