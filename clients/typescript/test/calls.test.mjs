/** Calls over a server of the test's own: what is sent, what is repeated, what is thrown. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';

import {
  BadRequest,
  Client,
  ConnectionFailed,
  INDEX,
  ITEM,
  InvalidWorkflow,
  NotFound,
  RateLimited,
  ServerError,
  Unauthorized,
  UnexpectedAnswer,
  Workflow,
} from 'queuecraft-client';

const JOB = { _id: 'a1', name: 'n', status: 'pending' };
/** What the server answers, in order; the last one again and again. */
let answers = [];
/** What it received. */
let received = [];
let url;

const server = createServer(async (request, response) => {
  let text = '';
  for await (const part of request) text += part;
  received.push({ method: request.method, url: request.url, headers: request.headers, body: text && JSON.parse(text) });
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  if (typeof answer === 'function') return answer(request, response);
  const { status = 200, headers = {}, body = {} } = answer;
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
});

const cut = (request) => request.socket.resetAndDestroy();
const never = () => undefined;
const client = (options = {}) => new Client(url, { token: 'qc_key', WebSocket: false, ...options });

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${server.address().port}`;
});
beforeEach(() => {
  answers = [{ body: { job: JOB, duplicate: false } }];
  received = [];
});
after(() => {
  server.close();
  server.closeAllConnections();
});

test('the trace of the caller is sent with each call, and with a job', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await client({ traceparent: () => traceparent }).jobs.submit('resize', {});
  await client({ traceparent: () => undefined }).jobs.submit('resize', {}, { traceparent });
  assert.deepEqual(received.map(({ headers }) => headers.traceparent), [traceparent, undefined]);
  assert.deepEqual(received.map(({ body }) => body.traceparent), [undefined, traceparent]);
});

test('a submission has the names of the API, times in UTC, ids of jobs, and a key', async () => {
  const runAt = new Date('2030-01-01T00:00:00Z');
  const job = await client().jobs.submit('resize', { size: 3 }, { runAt, dependsOn: [JOB, 'b2'], tags: ['x'], unique: { onConflict: 'keep' } });
  assert.deepEqual(job, { ...JOB, duplicate: false });
  const [{ method, url: path, headers, body }] = received;
  assert.deepEqual([method, path, headers.authorization], ['POST', '/job/create', 'Bearer qc_key']);
  assert.match(headers['idempotency-key'], /^[0-9a-f]{32}$/);
  const rest = { runAt: '2030-01-01T00:00:00.000Z', dependsOn: ['a1', 'b2'], tags: ['x'], unique: { onConflict: 'keep' } };
  assert.deepEqual(body, { name: 'resize', task: 'resize', payload: { size: 3 }, ...rest });
});

test('a lost or unavailable submission is repeated under one key', async () => {
  answers = [cut, { status: 503, body: { code: 'unavailable' } }, { status: 502, body: '<html>' }, { status: 201, body: { job: JOB } }];
  await client().jobs.submit('t');
  assert.equal(received.length, 4);
  assert.equal(new Set(received.map(({ headers }) => headers['idempotency-key'])).size, 1);
});

test('a retry is not repeated once it was sent', async () => {
  answers = [cut];
  await assert.rejects(client().jobs.retry('a1'), (error) => error instanceof ConnectionFailed && error.sent);
  answers = [{ status: 503, body: { error: 'away' } }];
  await assert.rejects(client().jobs.retry('a1'), (error) => error instanceof ServerError && error.message === 'away');
  assert.equal(received.length, 2);
});

test('what was certainly not sent is repeated', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const nobody = `http://127.0.0.1:${closed.address().port}`;
  closed.close();
  let tries = 0;
  const fetch = (...args) => {
    tries += 1;
    return globalThis.fetch(...(tries < 3 ? [nobody] : args));
  };
  await client({ fetch }).jobs.retry('a1');
  assert.equal(tries, 3);
});

test('a deletion whose answer was lost is no 404', async () => {
  answers = [cut, { status: 404, body: { code: 'not_found' } }];
  await client().jobs.delete('a1');
  await assert.rejects(client().jobs.delete('a1'), NotFound);
});

test('a 429 is repeated after Retry-After, and thrown without it or after too long', async () => {
  answers = [{ status: 429, headers: { 'Retry-After': '0' } }, { body: { job: JOB } }];
  await client().jobs.retry('a1');
  assert.equal(received.length, 2);
  for (const headers of [{}, { 'Retry-After': '61' }]) {
    answers = [{ status: 429, headers, body: { error: 'full' } }];
    const seconds = headers['Retry-After'] && 61;
    await assert.rejects(client().jobs.submit('t'), (error) => error instanceof RateLimited && error.retryAfterS === seconds);
  }
  assert.equal(received.length, 4);
});

test('retries and time are bounded', async () => {
  answers = [cut];
  await assert.rejects(client({ retries: 1 }).jobs.get('a1'), ConnectionFailed);
  assert.equal(received.length, 2);
  answers = [never];
  await assert.rejects(client({ timeoutMs: 50, retries: 0 }).jobs.get('a1'), /GET \/job\/\{id\}: No answer within 50 ms/);
  await assert.rejects(client().jobs.get('a1', { timeoutMs: 50 }), ConnectionFailed);
});

test('a call is aborted with the reason of its signal: on its way, in line, in a pause, before', async () => {
  const reason = new Error('enough');
  const one = client();
  const came = (id) => received.filter(({ url: path }) => path === `/job/${id}`).length;
  const arrival = async (id, number) => {
    while (came(id) < number) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  answers = [never];
  const late = new AbortController();
  const calls = Array.from({ length: 70 }, () => one.jobs.get('many', { signal: late.signal }));
  await arrival('many', 64);
  late.abort(reason);
  for (const { status, reason: why } of await Promise.allSettled(calls)) assert.deepEqual([status, why], ['rejected', reason]);
  answers = [{ status: 429, headers: { 'Retry-After': '50' } }];
  const paused = new AbortController();
  const pausing = one.jobs.get('paused', { signal: paused.signal });
  await arrival('paused', 1);
  paused.abort(reason);
  await assert.rejects(pausing, reason);
  await assert.rejects(one.jobs.get('never', { signal: AbortSignal.abort(reason) }), reason);
  answers = [{ body: { job: JOB } }];
  assert.equal((await one.jobs.get('free')).name, 'n'); // the places are free again
  assert.deepEqual(['many', 'paused', 'never', 'free'].map(came), [64, 1, 0, 1]);
});

test('errors say what the API says', async () => {
  const body = { error: 'Invalid', message: 'Too high', code: 'invalid_input', field: 'priority', traceId: 'tr' };
  answers = [{ status: 400, body }];
  await assert.rejects(client().jobs.submit('t'), (error) => {
    assert.ok(error instanceof BadRequest);
    const { name, message, code, field, traceId, status } = error;
    assert.deepEqual([name, message, code, field, traceId, status], ['BadRequest', 'Too high', 'invalid_input', 'priority', 'tr', 400]);
    return true;
  });
});

test('what is no answer of the API is said so', async () => {
  for (const answer of [{ body: '<html>' }, { body: '7' }, { status: 302, headers: { Location: url } }]) {
    answers = [answer];
    await assert.rejects(client().jobs.get('a1'), UnexpectedAnswer);
  }
});

test('values that cannot be sent are refused', async () => {
  await assert.rejects(client().jobs.submit('t', { a: { b: NaN } }), /b: NaN is no JSON/);
  await assert.rejects(client().jobs.get(''), TypeError);
  await assert.rejects(client().jobs.get('..'), TypeError);
  assert.throws(() => new Client('localhost', { token: 't' }), TypeError);
  assert.throws(() => new Client(url, { token: 't', email: 'e', password: 'p' }), TypeError);
  assert.throws(() => new Client(url, { email: 'e' }), TypeError);
  assert.equal(received.length, 0);
});

test('calls at the same time log in once, and again when the session has ended', async () => {
  let valid = 0;
  answers = [
    ({ url: path, headers }, response) => {
      if (path === '/login') assert.deepEqual(Object.keys(received.at(-1).body), ['email', 'password']);
      if (path === '/login') return response.end(JSON.stringify({ jwt: `s${(valid += 1)}` }));
      if (headers.authorization !== `Bearer s${valid}`) return response.writeHead(401).end('{"code":"session_expired"}');
      return response.end(JSON.stringify({ job: JOB }));
    },
  ];
  const one = client({ token: undefined, email: 'e', password: 'p' });
  await Promise.all([one.jobs.get('a1'), one.jobs.get('a1'), one.jobs.get('a1')]);
  assert.equal(valid, 1);
  valid = 5;
  await Promise.all([one.jobs.get('a1'), one.jobs.get('a1')]);
  assert.equal(valid, 6);
});

test('a function gives tokens; a constant one is not asked for twice', async () => {
  answers = [{ status: 401 }, { body: { job: JOB } }];
  const tokens = ['old', 'new'];
  await client({ token: () => tokens.shift() }).jobs.get('a1');
  assert.deepEqual(received.map(({ headers }) => headers.authorization), ['Bearer old', 'Bearer new']);
  answers = [{ status: 401 }];
  await assert.rejects(client().jobs.get('a1'), Unauthorized);
  assert.equal(received.length, 3);
  const away = new Error('no token today');
  let asked = 0;
  const token = () => {
    asked += 1;
    if (asked === 1) throw away;
    return 'late';
  };
  answers = [{ body: { job: JOB } }];
  const one = client({ token });
  await assert.rejects(one.jobs.get('a1', { signal: AbortSignal.abort(away) }), away);
  await assert.rejects(one.jobs.get('a1'), away);
  await one.jobs.get('a1');
  assert.equal(asked, 2);
});

test('lists are read page by page, as far as they are needed', async () => {
  const page = (from, nextCursor) => ({ body: { jobs: [from, from + 1].map((n) => ({ ...JOB, _id: `j${n}` })), nextCursor } });
  answers = [page(0, 'c1'), page(2, null)];
  const found = [];
  for await (const { _id } of client().jobs.list({ status: ['dlq', 'pending'], from: new Date(0), batch: JOB })) found.push(_id);
  assert.deepEqual(found, ['j0', 'j1', 'j2', 'j3']);
  const asked = received.map(({ url: path }) => Object.fromEntries(new URL(path, url).searchParams));
  const filter = { status: 'dlq,pending', from: '1970-01-01T00:00:00.000Z', batch: 'a1', limit: '200' };
  assert.deepEqual(asked, [filter, { ...filter, cursor: 'c1' }]);
});

test('many dead jobs are redriven 1,000 a call', async () => {
  const done = (changed, nextAfter) => ({ body: { matched: 3, changed, failed: [], dryRun: false, nextAfter } });
  answers = [done(2, 'x'), done(1, null)];
  assert.deepEqual(await client().dlq.redriveMany({ filter: { task: 't' } }), { matched: 3, changed: 3, failed: [], dryRun: false });
  assert.deepEqual(received.map(({ body }) => body), [
    { filter: { task: 't' }, dryRun: false },
    { filter: { task: 't' }, dryRun: false, after: 'x' },
  ]);
});

test('a wait polls where there is no WebSocket, through failures that pass', async () => {
  const seen = (status) => ({ body: { job: { ...JOB, status, result: 7 } } });
  answers = [seen('pending'), { status: 503 }, seen('running'), cut, seen('completed')];
  assert.equal((await client({ retries: 0 }).wait('a1')).result, 7);
  assert.ok(received.every(({ url: path }) => path === '/job/a1'));
});

test('references become objects and needs', () => {
  const flow = new Workflow('report');
  const fetched = flow.node('fetch', 'http_request', { url: 'https://example.com' }, { maxRetries: 2 });
  const map = { from: fetched.result.at('body', 'files'), max: 9 };
  const sizes = flow.node('sizes', 'count', { file: ITEM.at('url'), n: INDEX }, { map });
  flow.node('sum', 'sum', { sizes: sizes.results, first: [fetched.result.at('body', 0)] });
  flow.node('mail', 'mail', undefined, { needs: [fetched, 'sum'], runIf: 'any_failed' });
  assert.deepEqual(JSON.parse(JSON.stringify(flow)), {
    name: 'report',
    nodes: [
      { id: 'fetch', task: 'http_request', maxRetries: 2, payload: { url: 'https://example.com' }, needs: [] },
      {
        id: 'sizes',
        task: 'count',
        payload: { file: { $from: 'item.url' }, n: { $from: 'index' } },
        map: { from: 'fetch.result.body.files', max: 9 },
        needs: ['fetch'],
      },
      { id: 'sum', task: 'sum', payload: { sizes: { $from: 'sizes.results' }, first: [{ $from: 'fetch.result.body.0' }] }, needs: ['sizes', 'fetch'] },
      { id: 'mail', task: 'mail', needs: ['fetch', 'sum'], runIf: 'any_failed' },
    ],
  });
});

test('a workflow that cannot run is refused before it is sent', async () => {
  const made = (build) => {
    const flow = new Workflow('w');
    build(flow);
    return flow;
  };
  const refused = {
    'has no nodes': () => undefined,
    'needs x, which is no node': (flow) => flow.node('a', 't', undefined, { needs: ['x'] }),
    'in a cycle: b → a → b|in a cycle: a → b → a': (flow) => {
      flow.node('before', 't');
      flow.node('a', 't', undefined, { needs: ['before', 'b'] });
      flow.node('b', 't', { x: { $from: 'a.result' } });
      flow.node('behind', 't', undefined, { needs: ['a'] });
    },
    'only in a node with a map': (flow) => flow.node('a', 't', { x: ITEM }),
    'a has result': (flow) => {
      flow.node('a', 't');
      flow.node('b', 't', { x: { $from: 'a.results' } });
    },
  };
  for (const [why, build] of Object.entries(refused)) {
    await assert.rejects(client().workflows.submit(made(build)), (error) => error instanceof InvalidWorkflow && new RegExp(why).test(error.message));
  }
  assert.equal(received.length, 0);
  const flow = new Workflow('w');
  const node = flow.node('a', 't');
  for (const wrong of [() => flow.node('a', 't'), () => flow.node('item', 't'), () => node.results, () => node.result.at('x.y'), () => node.result.at(-1)]) {
    assert.throws(wrong, InvalidWorkflow);
  }
  assert.throws(() => `${node.result}`, TypeError);
});

test('the blocks of TypeScript in the pages are TypeScript', async () => {
  const { default: ts } = await import('typescript');
  const docs = new URL('../../../docs/', import.meta.url);
  let seen = 0;
  for (const page of readdirSync(docs).filter((name) => name.endsWith('.md'))) {
    for (const [, text] of readFileSync(new URL(page, docs), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)) {
      const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true, compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } });
      assert.deepEqual(diagnostics.map(({ messageText }) => `${page}: ${messageText}`), []);
      seen += 1;
    }
  }
  assert.ok(seen >= 8);
});
