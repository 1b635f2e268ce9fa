import assert from 'node:assert/strict';
import { it } from 'node:test';

import { openPage, PHONE, row, TABLET } from '../support/browser.mjs';
import { problems, settled } from '../support/axe.mjs';
import { waitUntil } from '../support/wait.mjs';

/** A tablet shows nothing that a desktop or a phone does not: its layout is looked at, and in the long mode its dark colours. */
const devices = [
  { name: 'a desktop' },
  { name: 'a tablet', viewport: TABLET, hasTouch: true, dark: process.env.QUEUECRAFT_TESTS === 'all' },
  { name: 'a phone', viewport: PHONE, hasTouch: true, isMobile: true },
];
const inside = ['/', '/?new', '/?q=nothing+like+this', '/dlq', '/dlq?q=nothing+like+this', '/queues', '/limits', '/limits/simulated_account', '/limits/nothing', '/workflows', '/workflows/nothing', '/batches', '/batches?status=failed', '/batches/nothing', '/operations', '/metrics', '/analytics', '/analytics?by=worker', '/alerts', '/settings/profile', '/settings/password', '/settings/members', '/settings/webhooks', '/settings/sessions', '/settings/notifications', '/settings/workspace', '/settings/theme', '/nowhere'];
const QUEUE = 'look';
const LOOKED = `/dlq?queue=${QUEUE}`;

const button = (page, name) => page.getByRole('button', { name, exact: true }).first();

/** What opens over a page, and what appears on it: by name, where, and how. The last one ends the session. */
const overlays = {
  'the command palette': ['/', (page) => page.keyboard.press('Control+k')],
  'the shortcuts': ['/', (page) => page.keyboard.press('?')],
  'a chosen period': ['/', async (page) => {
    const period = page.getByLabel('Created any time');
    await period.waitFor({ state: 'attached' });
    if (!(await period.isVisible())) await page.getByRole('button', { name: /^Filters/ }).click();
    await period.selectOption('From … to …');
  }],
  'selected jobs': [`/?queue=${QUEUE}&status=scheduled`, async (page) => {
    await page.locator('[data-job]').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('toolbar').waitFor();
  }],
  'cancelling jobs': [`/?queue=${QUEUE}&status=scheduled`, async (page) => {
    await page.locator('[data-job]').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('toolbar').getByRole('button', { name: 'Cancel' }).click();
    await page.getByTestId('dry-run').waitFor();
  }],
  'redriving jobs': [LOOKED, async (page) => {
    await page.getByLabel('Select all on this page').check();
    await button(page, 'Redrive selected').click();
    await page.getByTestId('dry-run').waitFor();
  }],
  'an edited payload': [LOOKED, async (page) => {
    await row(page, 'Looked fail').getByRole('button').first().click();
    await page.getByRole('dialog').getByText(/schema|JSON/).first().waitFor();
  }],
  'a group of errors': ['/dlq', (page) => page.getByTestId('dlq-group').first().click()],
  'deleting a job': [LOOKED, async (page) => {
    await row(page, 'Looked fail').getByRole('link').click();
    await button(page, 'Delete').click();
  }],
  'a message': ['/queues', async (page) => {
    await button(page, `Pause ${QUEUE}`).click();
    await page.getByRole('status').getByText('paused').waitFor();
    await button(page, `Resume ${QUEUE}`).click();
    await page.getByRole('status').getByText('resumed').waitFor();
  }],
  'changing a limit': ['/limits/simulated_server', (page) => button(page, 'Change').click()],
  'a limit that was refused': ['/limits/simulated_server', async (page) => {
    await button(page, 'Change').click();
    await page.getByLabel('Rate').fill('often');
    await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click();
    await page.getByRole('alert').first().waitFor();
  }],
  'pausing a limit': ['/limits/simulated_server', (page) => button(page, 'Pause').click()],
  'a new workflow': ['/workflows', async (page) => {
    await button(page, 'New workflow').click();
    await page.getByRole('dialog').getByText('Valid JSON').waitFor();
  }],
  'cancelling a workflow': ['/workflows?status=running', async (page) => {
    await page.getByTestId('workflow').filter({ hasText: 'Looked at' }).getByRole('link').click();
    await button(page, 'Cancel').click();
    await page.getByRole('dialog', { name: 'Cancel this workflow' }).waitFor();
  }],
  'cancelling a batch': ['/batches?status=running', async (page) => {
    await page.getByTestId('batch').filter({ hasText: 'Looked at' }).first().getByRole('link').click();
    await button(page, 'Cancel').click();
    await page.getByRole('dialog', { name: 'Cancel this batch' }).waitFor();
  }],
  'pausing a task': ['/queues', (page) => button(page, 'Pause a task').click()],
  'a new alert rule': ['/alerts', async (page) => {
    await button(page, 'New rule').click();
    await page.getByTestId('alert-preview').getByText('Now:').waitFor();
  }],
  'muting an alert rule': ['/alerts', (page) => button(page, 'Mute Looked at').click()],
  'a new webhook': ['/settings/webhooks', (page) => button(page, 'New webhook').click()],
  'the deliveries of a webhook': ['/settings/webhooks', async (page) => {
    await page.getByRole('link', { name: 'Looked at' }).click();
    await page.getByRole('region', { name: 'Deliveries' }).getByText('webhook.test').first().click();
    await page.getByRole('region', { name: 'Message' }).waitFor();
  }],
  'adding a member': ['/settings/members', (page) => button(page, 'Add').click()],
  'an invitation': ['/settings/members', async (page) => {
    await button(page, 'Invite').click();
    await page.getByLabel('E-mail').fill('iris@example.com');
    await page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click();
    await page.getByTestId('invitation-link').waitFor();
  }],
  'deleting the account': ['/settings/profile', (page) => button(page, 'Delete the account …').click()],
  'logging out everywhere': ['/settings/sessions', (page) => button(page, 'Log out everywhere').click()],
  'removing a member': ['/settings/members', (page) => button(page, 'Remove Lou').click()],
  'a new password': ['/settings/members', async (page) => {
    await button(page, 'Reset the password of Lou').click();
    await button(page, 'Reset the password').click();
    await page.getByTestId('one-time-password').waitFor();
  }],
  'a list that cannot be read': ['/settings/theme', async (page) => {
    await page.route('**/api/queues*', (route) => route.abort());
    await page.getByRole('link', { name: 'Queues' }).first().click();
    await page.getByRole('main').getByText('The API can’t be reached').first().waitFor({ timeout: 40_000 });
    await page.getByTestId('away-banner').waitFor();
    await page.unrouteAll();
  }],
  'a session that ended': ['/settings/theme', async (page) => {
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'Queues' }).first().click();
    await page.getByRole('dialog', { name: 'Log in again' }).waitFor();
  }],
};

/** Every page and all that opens over it, in both themes: nothing for axe-core to find, nothing wider than the screen. */
export function look(world) {
  it('has something to look at', async () => {
    await world.client.post('/members', { username: 'Lou', email: 'lou@example.com', password: 'correct horse 9', role: 'member' });
    await world.client.post('/job/bulk', { jobs: [{ name: 'Looked fail', queue: QUEUE, maxRetries: 0, tags: ['look'] }, { name: 'Looked later', queue: QUEUE, delayS: 7200 }] });
    const { workflow } = await world.client.post('/workflows', { name: 'Looked at', nodes: [{ id: 'first', queue: QUEUE, delayS: 7200 }, { id: 'second', queue: QUEUE, needs: ['first'], runIf: 'any_failed' }] });
    const { batch } = await world.client.post('/batches', { name: 'Looked at', jobs: [{ name: 'Looked later', queue: QUEUE, delayS: 7200 }] });
    const { webhook } = await world.client.post('/webhooks', { url: 'http://127.0.0.1:9/hooks', description: 'Looked at', events: ['job.dead'] });
    await world.client.post(`/webhooks/${webhook._id}/test`);
    await world.client.post('/alerts', { name: 'Looked at', kind: 'failure_rate', threshold: 50, queue: QUEUE, minJobs: 1 });
    world.looked = { flow: workflow._id, batch: batch._id };
    await waitUntil(async () => (await world.client.get(`/dlq?queue=${QUEUE}`)).jobs.length === 1, { ms: 60_000, what: () => 'the job to fail' });
  });

  for (const { name, dark, ...options } of devices) {
    it(`is accessible and fits ${name}`, async () => {
      const page = await openPage(world.browser, world.url, { ...options, storageState: world.storage, reducedMotion: 'reduce' });
      const { jobs } = await world.client.get(LOOKED);
      const found = [];
      const { flow, batch } = world.looked;
      if (name !== 'a desktop') await settled(page, '/');
      for (const path of [...inside, `/jobs/${jobs[0]._id}`, `/workflows/${flow}`, `/workflows/${flow}?node=second`, `/workflows/${flow}?view=list`, `/batches/${batch}`]) {
        // a desktop opens each address anew
        await settled(page, path, { within: name !== 'a desktop' });
        found.push(...(await problems(page, path, { dark })));
      }
      assert.deepEqual(found, []);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });

    it(`is accessible before the log-in on ${name}`, async () => {
      const page = await openPage(world.browser, world.url, options);
      const found = [];
      for (const path of ['/login', '/signup', '/forgot-password', '/reset-password#x', '/join#x', '/unsubscribe#x']) {
        await page.goto(path);
        await page.locator('h1').waitFor();
        found.push(...(await problems(page, path, { dark })));
      }
      assert.deepEqual(found, []);
      await page.context().close();
    });
  }

  for (const { name, ...options } of [devices[0], devices[2]]) {
    it(`is accessible in all that opens over a page on ${name}`, async () => {
      const page = await openPage(world.browser, world.url, { ...options, storageState: world.storage, reducedMotion: 'reduce' });
      const found = [];
      for (const [what, [path, open]] of Object.entries(overlays)) {
        await settled(page, path);
        await open(page);
        found.push(...(await problems(page, what)));
      }
      assert.deepEqual(found, []);
      await page.context().close();
    });
  }
}
