/** Writes every page in light, dark and phone width to docs/images, from the demo data on a stack of its own. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { DESKTOP, launch, live, logIn, openPage, PHONE } from '../e2e/support/browser.mjs';
import { Stack } from '../e2e/support/stack.mjs';
import { waitUntil } from '../e2e/support/wait.mjs';
import { fill, goodJobs, owner } from './demo.mjs';

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const looks = {
  light: { colorScheme: 'light', viewport: DESKTOP, deviceScaleFactor: 1.5 },
  dark: { colorScheme: 'dark', viewport: DESKTOP, deviceScaleFactor: 1.5 },
  phone: { colorScheme: 'light', viewport: PHONE, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};
const only = process.env.ONLY?.split(',');

let seed = 100;

/** Work for the workers, so that a page about running jobs shows some. */
async function keepBusy(client) {
  seed += 1;
  await client.post('/job/bulk', { jobs: goodJobs(30, seed) });
  await waitUntil(async () => (await client.get('/job/stats')).stats.running > 15, { what: () => 'jobs to run' });
}

async function firstId(client, query) {
  return (await client.get(`/job?limit=1&${query}`)).jobs[0]._id;
}

/** The newest workflow of a name. */
async function flowId(client, name) {
  return (await client.get('/workflows?limit=50')).workflows.find((flow) => flow.name === name)._id;
}

async function openPalette(page) {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
}

const pages = {
  login: { path: () => '/login', open: true },
  signup: { path: () => '/signup', open: true },
  dashboard: { path: () => '/', busy: true },
  'new-job': { path: () => '/?new=http_request' },
  'job-running': { busy: true, path: async (client) => `/jobs/${await firstId(client, 'status=running&sort=-created')}` },
  'job-failed': { path: async (client) => `/jobs/${await firstId(client, 'status=dlq&q=drill+3')}` },
  'job-steps': { path: async (client) => `/jobs/${await firstId(client, 'status=waiting&q=approve')}` },
  dlq: { path: () => '/dlq' },
  workflows: { path: () => '/workflows' },
  workflow: { path: async (client) => `/workflows/${await flowId(client, 'Month-end close')}?node=reconcile` },
  'workflow-map': { path: async (client) => `/workflows/${await flowId(client, 'Import catalogue')}` },
  batches: { path: () => '/batches' },
  batch: { path: async (client) => `/batches/${(await client.get('/batches?status=running&limit=1')).batches[0]._id}` },
  queues: { path: () => '/queues', busy: true },
  schedules: { path: () => '/schedules' },
  metrics: { path: () => '/metrics?window=day' },
  members: { path: () => '/settings/members' },
  palette: { path: () => '/', then: openPalette },
};

async function settle(page) {
  await live(page);
  await page.locator('h1').waitFor();
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

async function shoot(page, client, name, look) {
  const { path, open, busy, then } = pages[name];
  if (busy) await keepBusy(client);
  await page.goto(await path(client));
  if (open) await page.locator('form').waitFor();
  else await settle(page);
  await then?.(page);
  await page.screenshot({ path: join(images, `${name}-${look}.png`), animations: 'disabled', caret: 'hide' });
}

const stack = new Stack({ RATE_LIMIT_MAX_REQUESTS: '0', MAX_ACTIVE_JOBS_PER_USER: '0', LOG_IN_ATTEMPTS_PER_MINUTE: '0', SIMULATED_JOB_S: '4', RETRY_BACKOFF_BASE_S: '1', JOB_CONCURRENCY: '10', JOB_FLEET_CONCURRENCY: '20' });
const browser = await launch();
try {
  mkdirSync(images, { recursive: true });
  await stack.start();
  const { client, url } = await fill(stack.home);
  for (const [look, options] of Object.entries(looks)) {
    const page = await openPage(browser, url, { ...options, reducedMotion: 'reduce' });
    const names = Object.keys(pages).filter((name) => !only || only.includes(name));
    for (const name of names.filter((each) => pages[each].open)) await shoot(page, client, name, look);
    await logIn(page, owner);
    for (const name of names.filter((each) => !pages[each].open)) await shoot(page, client, name, look);
    await page.context().close();
  }
} finally {
  await browser.close();
  await stack.remove();
}
