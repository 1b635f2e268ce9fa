/** The client on a whole local stack: waits over connections that are cut, lost answers, batches, workflows, a restart. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import {
  BadRequest,
  BatchNotCompleted,
  Client,
  Conflict,
  Forbidden,
  INDEX,
  ITEM,
  JobCancelled,
  JobFailed,
  JobSkipped,
  NotFound,
  Unauthorized,
  WaitTimeout,
  Workflow,
  WorkflowNotCompleted,
} from 'queuecraft-client';

import { Stack } from '../../../frontend/e2e/support/stack.mjs';
import { waitUntil } from '../../../frontend/e2e/support/wait.mjs';
import { Proxy } from './proxy.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));
const LIMITS = { RATE_LIMIT_MAX_REQUESTS: '0', MAX_ACTIVE_JOBS_PER_USER: '0', SIGN_UPS_PER_HOUR: '0', LOG_IN_ATTEMPTS_PER_MINUTE: '0' };
const QUICK = { SIMULATED_JOB_S: '0.05', RETRY_BACKOFF_BASE_S: '0.05' };
const account = { email: 'ada@example.org', password: 'correct horse battery' };
const patient = { timeoutMs: 120_000 };
const until = (condition, what) => waitUntil(condition, { ms: 60_000, what: () => what });

const proxies = [];
let stack, apiPort, wsPort, url, client;

before(async () => {
  stack = new Stack({ ...LIMITS, ...QUICK });
  await stack.start();
  [apiPort, wsPort] = stack.ports;
  url = `http://127.0.0.1:${apiPort}`;
  const signUp = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username: 'Ada', ...account }) };
  assert.equal((await fetch(`${url}/user/create`, signUp)).status, 200);
  client = new Client(url, account);
});
after(async () => {
  for (const proxy of proxies) proxy.close();
  await stack?.remove();
});

async function proxyTo(port) {
  const proxy = await Proxy.to(port);
  proxies.push(proxy);
  return proxy;
}

async function all(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Returns the options of a client whose events come over `proxy`. */
const over = (proxy) => ({ ...account, wsUrl: `ws://127.0.0.1:${proxy.port}` });

test('many waits share one connection', async () => {
  const proxy = await proxyTo(wsPort);
  const one = new Client(url, over(proxy));
  await one.queues.pause('shared');
  const { ids } = await one.jobs.submitMany(Array.from({ length: 20 }, (_, n) => ({ task: 'simulated', payload: { n }, queue: 'shared' })));
  const waiting = Promise.all(ids.map((id) => one.wait(id, patient)));
  await until(() => proxy.accepted, 'the connection');
  await one.queues.resume('shared');
  assert.deepEqual((await waiting).map(({ result }) => result.payload.n), Array.from({ length: 20 }, (_, n) => n));
  assert.equal(proxy.accepted, 1);
  await until(() => proxy.cut() === 0, 'the end of the connection'); // closed by the last wait
});

test('a wait goes on when its WebSocket is lost', async () => {
  const proxy = await proxyTo(wsPort);
  const one = new Client(url, over(proxy));
  await one.queues.pause('lost');
  const waiting = one.wait(await one.jobs.submit('simulated', {}, { queue: 'lost' }), patient);
  await until(() => proxy.cut() && proxy.accepted >= 3, 'the third connection, which is cut too');
  await one.queues.resume('lost');
  assert.equal((await waiting).status, 'completed');
});

test('a wait polls when WebSockets do not open', async () => {
  const one = new Client(url, { ...account, wsUrl: 'ws://127.0.0.1:1' });
  assert.equal((await one.wait(await one.jobs.submit('simulated'), patient)).status, 'completed');
});

test('a submission whose answer is lost makes one job', async () => {
  const proxy = await proxyTo(apiPort);
  const one = new Client(`http://127.0.0.1:${proxy.port}`, { ...account, timeoutMs: 2_000, retries: 8 });
  await one.jobs.stats(); // logged in
  proxy.stall();
  const submitting = one.jobs.submit('simulated', {}, { tags: ['once'] });
  await until(async () => (await all(client.jobs.list({ tag: 'once' }))).length, 'the job');
  proxy.cut();
  proxy.flow();
  const { _id } = await submitting;
  assert.deepEqual((await all(client.jobs.list({ tag: 'once' }))).map((job) => job._id), [_id]);
});

test('work gets done over connections that are cut', async () => {
  const [api, events] = await Promise.all([proxyTo(apiPort), proxyTo(wsPort)]);
  const one = new Client(`http://127.0.0.1:${api.port}`, { ...over(events), retries: 20 });
  let cuts = 0;
  const cutAfter = (ms) => setTimeout(() => (cuts += api.cut() + events.cut()), ms);
  const [jobs, done] = [[], []];
  for (let n = 0; n < 12; n += 1) {
    cutAfter(n * 5); // at other moments of each call, but once a call, so that a slow machine gets on
    jobs.push(await one.jobs.submit('simulated', { n }, { tags: ['cut'] }));
  }
  for (const [n, job] of jobs.entries()) {
    cutAfter(n * 20);
    done.push(await one.wait(job, patient));
  }
  assert.deepEqual(done.map(({ result }) => result.payload.n), [...done.keys()]);
  assert.equal((await all(one.jobs.list({ tag: 'cut' }))).length, 12);
  assert.ok(cuts > 0);
});

test('other ends are errors', async () => {
  const failing = await client.jobs.submit('simulated', {}, { name: 'will fail', maxRetries: 1 });
  const behind = await client.jobs.submit('simulated', {}, { dependsOn: [failing] });
  await assert.rejects(client.wait(failing, patient), (error) => {
    return error instanceof JobFailed && /SimulatedFailure/.test(error.message) && error.job.attempts.length === 2;
  });
  await assert.rejects(client.wait(behind, patient), JobSkipped);
  await client.queues.pause('stopped');
  const job = await client.jobs.submit('simulated', {}, { queue: 'stopped' });
  await assert.rejects(client.wait(job, { timeoutMs: 50 }), (error) => error instanceof WaitTimeout && error.last.status === 'pending');
  const left = new AbortController();
  const aborted = client.wait(job, { signal: left.signal });
  left.abort(new Error('enough'));
  await assert.rejects(aborted, /enough/);
  await client.jobs.cancel(job);
  await assert.rejects(client.wait(job, patient), JobCancelled);
  await client.jobs.delete(job);
  await assert.rejects(client.jobs.get(job), NotFound);
});

test('refusals are typed', async () => {
  await assert.rejects(client.jobs.submit('simulated', {}, { priority: 11 }), (error) => error instanceof BadRequest && error.field === 'priority');
  await client.jobs.submit('simulated', {}, { idempotencyKey: 'the-key' });
  const other = client.jobs.submit('simulated', {}, { name: 'another', idempotencyKey: 'the-key' });
  await assert.rejects(other, (error) => error instanceof Conflict && error.code === 'idempotency_mismatch');
  await assert.rejects(new Client(url, { ...account, password: 'wrong horse' }).jobs.stats(), Unauthorized);
  await assert.rejects(new Client(url, { token: 'nonsense' }).jobs.stats(), Unauthorized);
});

test('a session that was ended is begun anew', async () => {
  const one = new Client(url, account);
  await one.call('post', '/logout', {});
  assert.equal(typeof (await one.jobs.stats()).total, 'number');
});

test('an API key is a token, within its scopes', async () => {
  const { secret } = await client.call('post', '/api-keys', { body: { name: 'ci', scopes: ['jobs:read', 'jobs:write'] } });
  const one = new Client(url, { token: secret });
  assert.equal((await one.wait(await one.jobs.submit('simulated'), patient)).status, 'completed');
  await assert.rejects(one.queues.pause('default'), Forbidden);
});

test('dead jobs are redriven', async () => {
  const dead = Array.from({ length: 3 }, (_, n) => ({ task: 'simulated', name: `fail ${n}`, tags: ['dead'], maxRetries: 0 }));
  const { ids } = await client.jobs.submitMany(dead);
  for (const id of ids) await assert.rejects(client.wait(id, patient), JobFailed);
  assert.equal((await all(client.dlq.list({ tag: 'dead' }))).length, 3);
  assert.equal((await all(client.dlq.list({ tag: 'dead', limit: 2 }))).length, 2);
  assert.ok((await client.dlq.groups()).some(({ count }) => count >= 3));
  assert.equal((await client.dlq.redriveMany({ filter: { tag: 'dead' }, dryRun: true })).matched, 3);
  assert.equal((await client.dlq.redriveMany({ filter: { tag: 'dead' } })).changed, 3);
  for (const id of ids) await assert.rejects(client.wait(id, patient), ({ job }) => job.redrives === 1);
  await client.dlq.redrive(ids[0]);
  await assert.rejects(client.wait(ids[0], patient), ({ job }) => job.redrives === 2);
  await client.jobs.retry(ids[1], { payload: { other: 1 } });
  await assert.rejects(client.wait(ids[1], patient), ({ job }) => job.payload.other === 1);
  const again = await client.jobs.replay(ids[2], { payload: { ok: 1 }, name: 'Replayed', priority: 9 });
  assert.deepEqual([again.replayOf, again.name, again.priority], [ids[2], 'Replayed', 9]);
  assert.equal((await client.wait(again, patient)).payload.ok, 1);
  assert.deepEqual((await client.jobs.get(ids[2])).replays.map(({ _id }) => _id), [again._id]);
  assert.equal((await client.dlq.deleteMany({ ids })).changed, 3);
});

test('an operation on all jobs that match is waited for', async () => {
  await client.queues.pause('many');
  await client.jobs.submitMany(Array.from({ length: 5 }, () => ({ task: 'simulated', queue: 'many' })));
  assert.equal((await client.operations.count('cancel', { queue: 'many' })).matched, 5);
  const started = await client.operations.start('cancel', { queue: 'many' }, { name: 'Tidy up' });
  assert.equal((await client.operations.wait(started, patient)).name, 'Tidy up');
  assert.equal((await all(client.jobs.list({ queue: 'many', status: ['cancelled'] }))).length, 5);
  assert.deepEqual((await all(client.operations.list({ limit: 1 }))).map(({ _id }) => _id), [started._id]);
});

test('a batch is waited for', async () => {
  const rows = Array.from({ length: 25 }, (_, n) => ({ task: 'simulated', payload: { n } }));
  const batch = await client.batches.submit('import', rows, { onSuccess: { task: 'simulated', name: 'report' } });
  const { done, total, onSuccess } = await client.batches.wait(batch, patient);
  assert.deepEqual([done, total], [25, 25]);
  assert.equal((await all(client.batches.jobs(batch))).length, 25);
  await until(async () => (await all(client.jobs.list({ q: onSuccess }))).length, 'the callback');
  assert.equal((await client.wait(onSuccess, patient)).name, 'report');
  const bad = await client.batches.submit('bad', [{ task: 'simulated', name: 'fail', maxRetries: 0 }, { task: 'simulated' }]);
  await assert.rejects(client.batches.wait(bad, patient), (error) => {
    return error instanceof BatchNotCompleted && /1 of 2 jobs completed, 1 failed/.test(error.message);
  });
  assert.deepEqual((await all(client.batches.list({ limit: 2 }))).map(({ name }) => name), ['bad', 'import']);
});

test('a workflow is waited for, and retried from what failed', async () => {
  const flow = new Workflow('report');
  const files = flow.node('files', 'simulated', { list: ['a', 'b', 'c'] });
  const sizes = flow.node('sizes', 'simulated', { file: ITEM, n: INDEX }, { map: files.result.at('payload', 'list') });
  const total = flow.node('total', 'simulated', { sizes: sizes.results, first: files.result.at('payload', 'list', 0) });
  const done = await client.workflows.wait(await client.workflows.submit(flow), patient);
  assert.ok(done.nodes.every(({ status }) => status === 'completed'));
  const { payload } = (await client.workflows.job(done, total)).result;
  assert.deepEqual([payload.first, ...payload.sizes.map((size) => size.payload)], ['a', ...['a', 'b', 'c'].map((file, n) => ({ file, n }))]);

  const fails = new Workflow('fails');
  const broken = fails.node('broken', 'simulated', {}, { name: 'this will fail', needs: [fails.node('first', 'simulated')], maxRetries: 0 });
  fails.node('rescue', 'simulated', {}, { needs: [broken], runIf: 'any_failed' });
  const started = await client.workflows.submit(fails);
  await assert.rejects(client.workflows.wait(started, patient), (error) => error instanceof WorkflowNotCompleted && /broken \(dlq\)/.test(error.message));
  const again = await client.workflows.retry(started);
  assert.deepEqual(again.nodes.map(({ id, run }) => [id, run]).slice(0, 2), [['first', 0], ['broken', 1]]);
  assert.deepEqual((await all(client.workflows.list({ limit: 1 }))).map(({ name }) => name), ['fails']);
});

test('a schedule is put, run and paused', async () => {
  await client.schedules.put('nightly', { task: 'simulated', payload: { x: 1 }, cron: '0 3 * * *', tz: 'Europe/Berlin', name: 'Night' });
  const { jobId } = await client.schedules.run('nightly');
  assert.equal((await client.wait(jobId, patient)).name, 'Night');
  assert.deepEqual((await all(client.schedules.runs('nightly'))).map((run) => run.jobId), [jobId]);
  assert.equal((await client.schedules.pause('nightly')).state, 'paused');
  assert.ok((await client.schedules.resume('nightly')).next.length);
  assert.deepEqual((await all(client.schedules.list())).map(({ name }) => name), ['nightly']);
  const { next } = await client.schedules.preview({ everyS: 60, from: new Date('2030-01-01T00:00:00Z') });
  assert.equal(Date.parse(next[1]) - Date.parse(next[0]), 60_000);
  await client.schedules.delete('nightly');
  await assert.rejects(client.schedules.get('nightly'), NotFound);
});

test('limits and queues are changed; logs and events are read', async () => {
  assert.equal((await client.limits.change('simulated_account', { concurrency: 2 })).concurrency, 2);
  assert.ok((await client.limits.pause('simulated_account')).paused);
  assert.ok(!(await client.limits.reset('simulated_account')).paused);
  const { name } = await client.limits.get('simulated_account');
  assert.ok((await client.limits.list()).some((limit) => limit.name === name));
  await client.queues.setStrict('urgent', true);
  assert.ok((await client.queues.list()).find((queue) => queue.name === 'urgent').strict);
  const job = await client.wait(await client.jobs.submit('simulated'), patient);
  const lines = await all(client.jobs.logs(job));
  assert.deepEqual(await all(client.jobs.logs(job, { after: lines[0].seq })), lines.slice(1));
  assert.deepEqual([await all(client.jobs.steps(job)), await client.jobs.events(job)], [[], []]);
});

test('an event is sent to a durable job, whose steps are read', async () => {
  const { tasks } = await client.call('get', '/tasks', {});
  assert.ok(tasks.some((task) => task.name === 'simulated_order'));
  const job = await client.jobs.submit('simulated_order', { parts: 2, seconds: 0.01, pause_s: 0, approval: true, invoice: false });
  await until(async () => (await client.jobs.get(job)).waitsFor?.length, 'the wait of the job');
  const [kind, name] = (await client.jobs.get(job)).waitsFor[0].split(':');
  assert.equal(kind, 'event');
  assert.equal((await client.jobs.sendEvent(job, name, { approved: true })).name, name);
  assert.deepEqual((await client.wait(job, patient)).result, { parts: 2, approval: { approved: true } });
  assert.equal((await client.jobs.events(job))[0].name, name);
  assert.ok((await all(client.jobs.steps(job, { results: true }))).some((step) => step.name === 'ship' && step.result.done === 'ship'));
});

test('a stream is resumed where it was cut', async () => {
  const proxy = await proxyTo(wsPort);
  const one = new Client(url, over(proxy));
  const seen = [];
  const following = (async () => {
    for await (const { type, data } of one.stream(patient)) {
      if (type === 'job:created') seen.push(data._id);
      if (data.name === 'the last') return;
    }
  })();
  await until(async () => (await client.jobs.submit('simulated')) && seen.length, 'the stream');
  proxy.stall();
  const missed = [];
  for (let n = 0; n < 3; n += 1) missed.push((await client.jobs.submit('simulated'))._id);
  proxy.cut();
  proxy.flow();
  const last = await client.jobs.submit('simulated', {}, { name: 'the last' });
  await following;
  assert.deepEqual(seen.slice(seen.indexOf(missed[0])), [...missed, last._id]);
});

test('the examples of the page compile and run, in a project that has the package', () => {
  const page = readFileSync(join(here, '../../docs/client-typescript.md'), 'utf8');
  let script = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code).join('\n');
  for (const [written, real] of [['http://localhost:2000', url], ['ada@example.com', account.email]]) {
    assert.ok(script.includes(written));
    script = script.replaceAll(written, real);
  }
  const project = mkdtempSync(join(tmpdir(), 'queuecraft-ts-'));
  try {
    const options = { strict: true, module: 'NodeNext', target: 'ES2022', lib: ['ES2023'], types: ['node'], typeRoots: [join(here, 'node_modules/@types')] };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
    writeFileSync(join(project, 'package.json'), '{"type": "module"}');
    writeFileSync(join(project, 'page.ts'), script);
    const installed = join(project, 'node_modules/queuecraft-client');
    mkdirSync(installed, { recursive: true });
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', project], { cwd: here, stdio: 'pipe' });
    const [archive] = readdirSync(project).filter((name) => name.endsWith('.tgz'));
    execFileSync('tar', ['xzf', join(project, archive), '-C', installed, '--strip-components=1']);
    const run = (...command) => execFileSync(process.execPath, command, { cwd: project, encoding: 'utf8', stdio: 'pipe' });
    run(join(here, 'node_modules/typescript/bin/tsc'), '-p', '.');
    assert.match(run('--experimental-websocket', 'page.js'), /SimulatedFailure/);
  } finally {
    rmSync(project, { recursive: true });
  }
});

test('a wait survives a restart of the stack', async () => {
  const proxy = await proxyTo(wsPort);
  let seen = false;
  const one = new Client(url, {
    ...over(proxy),
    fetch: async (address, init) => {
      const answer = await fetch(address, init);
      seen ||= init.method === 'GET';
      return answer;
    },
  });
  await one.queues.pause('restarted');
  const job = await one.jobs.submit('simulated', {}, { queue: 'restarted' });
  let ended = false;
  const waiting = one.wait(job, { timeoutMs: 240_000 }).finally(() => (ended = true));
  await until(() => seen && proxy.accepted, 'the first look and the connection of the wait');
  await stack.stop();
  assert.ok(!ended);
  await stack.start();
  await client.queues.resume('restarted');
  assert.equal((await waiting).status, 'completed');
});
