/** The dashboard in real Chromium against a whole local stack. Needs a build: `make ui`. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { after, before, describe } from 'node:test';

import { alerts } from './flows/alerts.mjs';
import { analytics } from './flows/analytics.mjs';
import { batches } from './flows/batches.mjs';
import { charts } from './flows/charts.mjs';
import { code } from './flows/code.mjs';
import { comments } from './flows/comments.mjs';
import { flood } from './flows/flood.mjs';
import { hang } from './flows/hang.mjs';
import { incident } from './flows/incident.mjs';
import { jobs } from './flows/jobs.mjs';
import { keys } from './flows/keys.mjs';
import { limits as limitsFlow } from './flows/limits.mjs';
import { lists } from './flows/lists.mjs';
import { look } from './flows/look.mjs';
import { operations } from './flows/operations.mjs';
import { outage } from './flows/outage.mjs';
import { pages } from './flows/pages.mjs';
import { people } from './flows/people.mjs';
import { scopes } from './flows/scopes.mjs';
import { schedules } from './flows/schedules.mjs';
import { session } from './flows/session.mjs';
import { tabs } from './flows/tabs.mjs';
import { steady } from './flows/steady.mjs';
import { steps } from './flows/steps.mjs';
import { views } from './flows/views.mjs';
import { webhooks } from './flows/webhooks.mjs';
import { workflows } from './flows/workflows.mjs';
import { Client } from './support/api.mjs';
import { launch, logIn, openPage } from './support/browser.mjs';
import { Stack } from './support/stack.mjs';

const owner = { username: 'Olga', email: 'olga@example.com', password: 'correct horse 9' };
const limits = { RATE_LIMIT_MAX_REQUESTS: '0', MAX_ACTIVE_JOBS_PER_USER: '0', SIGN_UPS_PER_HOUR: '0', LOG_IN_ATTEMPTS_PER_MINUTE: '0' };
const quick = { SIMULATED_JOB_S: '1', RETRY_BACKOFF_BASE_S: '0.2', HTTP_ALLOW_PRIVATE: 'true' };

const world = {};

before(async () => {
  if (!existsSync(fileURLToPath(new URL('../dist/index.html', import.meta.url)))) throw new Error('The dashboard is not built. Run `make ui`.');
  world.stack = new Stack({ ...limits, ...quick });
  await world.stack.start();
  world.url = world.stack.url;
  world.operator = world.stack.operator();
  world.browser = await launch();
  world.client = await new Client(world.url).signUp(owner);
  world.page = await openPage(world.browser, world.url);
  await logIn(world.page, owner);
  world.storage = await world.page.context().storageState();
});

after(async () => {
  await world.browser?.close();
  await world.stack?.remove();
});

const suites = { session, tabs, jobs, lists, keys, steady, incident, comments, views, scopes, charts, pages, people, limits: limitsFlow, schedules, workflows, batches, steps, operations, analytics, webhooks, alerts, look, code, flood, hang, outage };
/** `SUITES=look,flood` runs some only; `pages` needs jobs of `jobs`. */
const wanted = process.env.SUITES?.split(',') ?? Object.keys(suites);
for (const [name, suite] of Object.entries(suites).filter(([name]) => wanted.includes(name))) describe(name, { concurrency: false }, () => suite(world));
