/** Fills a running stack with a demo data set, the same each time: jobs through the API, history beside it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { Client } from '../e2e/support/api.mjs';
import { waitUntil } from '../e2e/support/wait.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SETTLE_MS = 180_000;

export const owner = { username: 'Demo', email: 'demo@example.com', password: 'queuecraft-demo' };
const members = [
  { username: 'Operations', email: 'operations@example.com', password: 'queuecraft-demo', role: 'admin' },
  { username: 'Billing', email: 'billing@example.com', password: 'queuecraft-demo', role: 'member' },
  { username: 'Audit', email: 'audit@example.com', password: 'queuecraft-demo', role: 'viewer' },
];

/** Mulberry32: a small seeded generator of numbers 0…1. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const kinds = [
  { name: 'Welcome mail', queue: 'mail', tags: ['onboarding'] },
  { name: 'Invoice', queue: 'mail', tags: ['billing'] },
  { name: 'Product photos', queue: 'media', tags: ['catalogue'] },
  { name: 'Video preview', queue: 'media', tags: [] },
  { name: 'Monthly revenue', queue: 'reports', tags: ['finance', 'monthly'] },
  { name: 'Churn by cohort', queue: 'reports', tags: ['finance'] },
  { name: 'Rebuild search index', queue: 'default', tags: [] },
  { name: 'Warm caches', queue: 'default', tags: ['nightly'] },
];

/** The trace of a shop's request, of which some jobs are a part: their pages name it, and lead to it where `TRACE_URL` is set. */
function traceparent(number) {
  const id = (digits, salt) => Array.from({ length: digits / 8 }, (_, n) => Math.floor(seeded(number * 16 + n + salt)() * 2 ** 32).toString(16).padStart(8, '0')).join('');
  return `00-${id(32, 1)}-${id(16, 9)}-01`;
}

/** `count` jobs that end well. */
export function goodJobs(count, seed = 7) {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, n) => {
    const kind = kinds[Math.floor(random() * kinds.length)];
    const number = 1000 + Math.floor(random() * 9000);
    return {
      ...kind,
      name: `${kind.name} ${number}`,
      tags: random() < 0.3 ? [...kind.tags, `customer-${1 + Math.floor(random() * 40)}`] : kind.tags,
      priority: [5, 5, 5, 5, 9, 2][Math.floor(random() * 6)],
      payload: { id: number, locale: random() < 0.5 ? 'en' : 'de', attachments: Math.floor(random() * 4), draft: false },
      ...(n % 3 === 0 && { traceparent: traceparent(n) }),
    };
  });
}

/** Open invitations, keys of services, and who is told of failures. */
async function people(client) {
  for (const [email, role] of [['finance@example.com', 'viewer'], ['platform@example.com', 'admin']]) await client.post('/invitations', { email, role });
  await client.post('/api-keys', { name: 'Billing service', scopes: ['jobs:read', 'jobs:write'], expiresAt: new Date(Date.now() + 90 * 86_400_000).toISOString() });
  await client.post('/api-keys', { name: 'Metrics exporter', scopes: ['jobs:read'] });
  await client.put('/tenant/redaction', { paths: ['card.number', 'headers.authorization'] });
  await client.put('/me/notifications', { failures: 'daily', scope: 'tenant', alerts: true });
}

// A simulated job fails when its name contains "fail"; the others fail for real.
const failing = [
  ...Array.from({ length: 14 }, (_, n) => ({ name: `Failover drill ${n + 1}`, queue: 'default', maxRetries: n % 3, tags: ['drill'] })),
  ...Array.from({ length: 6 }, (_, n) => ({ name: `Notify billing, order ${4100 + n}`, task: 'http_request', queue: 'mail', maxRetries: 1, payload: { url: `https://billing.example.invalid/orders/${4100 + n}`, timeout_s: 2 } })),
  ...Array.from({ length: 3 }, (_, n) => ({ name: `Render report ${2024 + n}`, task: 'crunch', queue: 'reports', payload: { megabytes: 200, seconds: 20 } })),
  ...Array.from({ length: 3 }, (_, n) => ({ name: `Ping warehouse ${n + 1}`, task: 'http_request', queue: 'default', payload: { url: `http://127.0.0.1:1/stock/${n + 1}` } })),
];

const later = Array.from({ length: 9 }, (_, n) => ({ name: `Weekly digest ${n + 1}`, queue: 'mail', delayS: 3600 * (n + 1), tags: ['weekly'] }));

/** What a bulk operation cancels. */
const offers = Array.from({ length: 60 }, (_, n) => ({ name: `Spring offer ${n + 1}`, queue: 'mail', delayS: 86_400, tags: ['spring'] }));

/** More mails than an account may send at once, so that some wait for their limit. */
const limited = Array.from({ length: 40 }, (_, n) => ({ name: `Newsletter ${n + 1}`, task: 'simulated_mail', queue: 'mail', tags: ['newsletter'], payload: { account_id: `customer-${1 + (n % 5)}`, seconds: 0.5 } }));

// Debounced: three changes of an account are one job.
const debounced = Array.from({ length: 6 }, (_, n) => ({ name: `Sync account ${7 + (n % 2)}`, queue: 'default', delayS: 5400, tags: ['sync'], payload: { change: n + 1 }, unique: { key: `account-${7 + (n % 2)}`, onConflict: 'push_back', maxWaitS: 7200 } }));

/** Durable jobs: one sleeps, one waits for an event, one failed at a step, one has ended. */
const orders = [
  { name: 'Order 4711', payload: { parts: 6, seconds: 0.6, pause_s: 5400 } },
  { name: 'Order 4712, to approve', payload: { parts: 8, seconds: 0.4, pause_s: 4, approval: true, approval_s: 86_400 } },
  { name: 'Order 4713', payload: { parts: 5, seconds: 0.5, pause_s: 2, invoice: true, fail_at: 'ship' } },
  { name: 'Order 4714', payload: { parts: 3, seconds: 0.3, invoice: true } },
].map(({ payload, ...order }, n) => ({ ...order, payload: { ...payload, email: `customer-${n + 1}@example.com` }, task: 'simulated_order', queue: 'default', tags: ['order'] }));

const plans = {
  'daily-revenue': { cron: '0 7 * * 1-5', tz: 'Europe/Berlin', name: 'Daily revenue', queue: 'reports', tags: ['finance'] },
  'month-end': { cron: '30 18 L * *', tz: 'America/New_York', name: 'Month-end close', queue: 'reports', missed: 'all' },
  'warm-caches': { everyS: 900, name: 'Warm caches', overlap: 'queue_one', jitterS: 30 },
  'sync-stock': { everyS: 3600, name: 'Sync stock', missed: 'skip', paused: true },
};

const $from = (path) => ({ $from: path });

/** Graphs of jobs: one with a map, and one that fails and can be retried. */
const flows = [
  {
    name: 'Import catalogue',
    nodes: [
      { id: 'fetch', name: 'Fetch feed', queue: 'media', payload: { files: Array.from({ length: 12 }, (_, n) => `photos-${n + 1}.zip`) } },
      { id: 'validate', name: 'Validate feed', needs: ['fetch'] },
      { id: 'convert', name: 'Convert photos', queue: 'media', needs: ['fetch'], map: { from: 'fetch.result.payload.files', concurrency: 4 }, payload: { file: $from('item'), number: $from('index') } },
      { id: 'prices', name: 'Update prices', needs: ['validate'] },
      { id: 'search', name: 'Rebuild search index', needs: ['convert', 'prices'], payload: { photos: $from('convert.results') } },
      { id: 'announce', name: 'Announce', queue: 'mail', needs: ['search'] },
    ],
  },
  {
    name: 'Month-end close',
    nodes: [
      { id: 'invoices', name: 'Collect invoices', queue: 'reports' },
      { id: 'payments', name: 'Collect payments', queue: 'reports' },
      { id: 'reconcile', name: 'Reconcile, which fails', queue: 'reports', maxRetries: 0, needs: ['invoices', 'payments'] },
      { id: 'ledger', name: 'Write ledger', queue: 'reports', needs: ['reconcile'] },
      { id: 'report', name: 'Revenue report', queue: 'reports', needs: ['ledger'] },
      { id: 'alert', name: 'Alert finance', queue: 'mail', needs: ['reconcile'], runIf: 'any_failed' },
      { id: 'cleanup', name: 'Remove drafts', needs: ['report', 'alert'], runIf: 'all_done' },
    ],
  },
];

/** A batch that has ended, and one that keeps running: most of its jobs are due in hours. */
const batches = [
  { name: 'Welcome mails, November', jobs: Array.from({ length: 24 }, (_, n) => ({ name: `Welcome ${n + 1}`, queue: 'mail', tags: ['onboarding'] })), onComplete: { name: 'Report on welcome mails', queue: 'reports' }, onSuccess: { name: 'Close the campaign' } },
  { name: 'Resize photos of autumn', jobs: Array.from({ length: 60 }, (_, n) => ({ name: `${n % 20 === 7 ? 'Failing photo' : 'Photo'} ${n + 1}`, queue: 'media', maxRetries: 0, ...(n % 3 > 0 && { delayS: 3600 + 60 * n }) })), onComplete: { name: 'Publish the album' } },
];

/** Jobs that wait for others: one for the failure of a job, one for its success. */
async function depend(client) {
  const backup = await client.create({ name: 'Backup', queue: 'default', delayS: 5400 });
  await client.create({ name: 'Verify backup', dependsOn: [backup._id] });
  await client.create({ name: 'Page the operator', queue: 'mail', dependsOn: [backup._id], runIf: 'any_failed' });
}

/** A failed call that is made again to another address, and a job that had ended well. */
async function replay(client) {
  for (const [query, body] of [['status=dlq&task=http_request', { name: 'Notify billing, by the new address', payload: { url: 'https://billing-2.example.invalid/orders/4100', timeout_s: 2 } }], ['status=completed&q=invoice', { name: 'Invoice, corrected', priority: 9 }]]) {
    const [job] = (await client.get(`/job?${query}&limit=1`)).jobs;
    if (job) await client.post(`/job/${job._id}/replay`, body);
  }
}

/** What the team knows about a dead letter, and about an error. */
async function comment(client) {
  const [job] = (await client.get('/dlq?task=http_request&q=billing&limit=1')).jobs;
  if (!job) return;
  for (const text of ['Billing moved to another host on Monday.', 'Replayed with the new address; the other orders of this night follow.']) await client.post(`/job/${job._id}/comments`, { text });
  const { groups } = await client.get('/dlq/groups');
  const { group } = groups.find(({ tasks }) => tasks.includes('http_request'));
  await client.post(`/dlq/groups/${group}/comments`, { text: 'Not ours: the partner is told. Redrive once their status page is green.' });
}

/** Webhooks: one whose receiver is away, with deliveries that are tried again, and one that is paused. */
async function report(client) {
  await client.post('/webhooks', { url: 'https://billing.invalid/hooks', description: 'Billing', events: ['job.dead', 'batch.completed', 'workflow.completed'] });
  const { webhook } = await client.post('/webhooks', { url: 'https://chat.invalid/queuecraft', description: 'Chat of the operators', events: ['job.dead', 'workflow.failed'] });
  await client.post(`/webhooks/${webhook._id}/pause`);
}

/** Alert rules: one that fires, since jobs failed, one that is muted, one for a schedule, and one that is well. */
async function alert(client) {
  await client.post('/alerts', { name: 'Dead letters grow', kind: 'dlq_growth', threshold: 5, windowS: 3600, severity: 'warning' });
  await client.post('/alerts', { name: 'Mail is stuck', kind: 'queue_age', queue: 'mail', threshold: 600, forS: 120, severity: 'critical', repeatS: 3600 });
  await client.post('/alerts', { name: 'Daily revenue is late', kind: 'schedule_overdue', schedule: 'daily-revenue', threshold: 300, severity: 'critical' });
  const { alert: rate } = await client.post('/alerts', { name: 'Failures in reports', kind: 'failure_rate', queue: 'reports', threshold: 30, minJobs: 5, windowS: 1800 });
  await client.post(`/alerts/${rate._id}/mute`, { forS: 86_400 });
}

/** Schedules, with a run of each by hand. */
async function schedule(client) {
  for (const [name, plan] of Object.entries(plans)) {
    await client.put(`/schedules/${name}`, plan);
    await client.post(`/schedules/${name}/run`);
  }
}

async function account(url) {
  const client = new Client(url);
  try {
    return { client: await client.logIn(owner), fresh: false };
  } catch (error) {
    if (error.status !== 401) throw error;
    return { client: await client.signUp(owner), fresh: true };
  }
}

const CHUNK = 20;

/** A few at a time, as the workers take them: a heap of waiting jobs would be all that the charts show. */
async function submit(client, jobs) {
  for (let from = 0; from < jobs.length; from += CHUNK) {
    await client.post('/job/bulk', { jobs: jobs.slice(from, from + CHUNK) });
    await waitUntil(async () => (await client.get('/job?status=pending&limit=10')).jobs.length < 5, { ms: SETTLE_MS, what: () => 'the workers' });
  }
}

/** What went wrong, and what to do. */
function explained(error) {
  if (error.code === 'ENOENT') return 'No stack runs. Start one by `make up`.';
  if (error.status === 429) return 'The limits on job creation refuse the demo. Start the stack without them:\n  RATE_LIMIT_MAX_REQUESTS=0 MAX_ACTIVE_JOBS_PER_USER=0 SIMULATED_JOB_S=1 RETRY_BACKOFF_BASE_S=1 make up';
  return error.message;
}

function addHistory(run, tenantId) {
  const python = process.env.PYTHON_BIN ?? join(root, '.venv/bin/python');
  const database = process.env.MONGODB_DATABASE ?? 'queuecraft';
  execFileSync(python, ['frontend/scripts/demo_history.py', database, tenantId], { cwd: root, env: { ...process.env, PYTHONPATH: root, MONGODB_URI: run.urls.mongodb } });
}

/** Fills the stack of `home`; resolves with a client of the demo's owner when nothing waits any more. */
export async function fill(home, count = 140) {
  const run = JSON.parse(readFileSync(join(home, 'run.json'), 'utf8'));
  const url = run.urls.dashboard;
  const { client, fresh } = await account(url);
  if (fresh) {
    for (const member of members) await client.post('/members', member);
    await people(client);
    await schedule(client);
    await report(client);
    await alert(client);
    await client.put('/tenant/settings', { concurrency: 50 }); // so that the page of limits has the workspace's own
    addHistory(run, (await client.get('/me')).user.tenantId);
  }
  for (const flow of flows) await client.post('/workflows', flow);
  for (const batch of batches) await client.post('/batches', batch);
  await client.get('/job/export?format=csv&background=true');
  await depend(client);
  await submit(client, offers);
  await client.post('/operations', { action: 'cancel', name: 'Call off the spring offer', filter: { tag: 'spring' } });
  await submit(client, [...failing, ...later, ...limited, ...debounced, ...orders, ...goodJobs(count)]);
  const settled = async () => (await client.get('/job?status=pending,running,retrying&limit=1')).jobs.length === 0;
  await waitUntil(settled, { ms: SETTLE_MS, what: () => 'the demo jobs to end' });
  await replay(client);
  await client.post('/operations', { action: 'replay', name: 'Drills, with another region', filter: { tag: 'drill', status: ['dlq'] }, changes: { merge: { region: 'eu' } }, ratePerMin: 60 });
  if (fresh) {
    await comment(client);
    await client.post('/views', { name: 'Billing is away', page: 'dlq', query: { task: 'http_request', q: 'billing' }, shared: true });
    await client.post('/views', { name: 'Reports of the last hours', page: 'jobs', query: { queue: 'reports' } });
  }
  return { client, url };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const home = process.env.QUEUECRAFT_HOME ?? join(root, '.queuecraft');
  try {
    const { url } = await fill(home);
    console.log(`${url} is filled. Log in as ${owner.email} with ${owner.password}`);
  } catch (error) {
    console.error(explained(error));
    process.exitCode = 1;
  }
}
