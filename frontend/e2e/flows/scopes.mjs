import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Client } from '../support/api.mjs';
import { live, logIn, openPage, PHONE, row } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

const QUEUE = `q${'x'.repeat(63)}`;
const ines = { username: 'Ines', email: 'ines@example.com', password: 'correct horse 9', role: 'member' };

/** Follows a dead job of somebody else to all like it, and to the others of its owner and queue. */
async function follow(page, name) {
  await page.goto('/dlq');
  await live(page);
  await row(page, name).getByText(/ Ines /).waitFor();
  await row(page, name).getByRole('link').click();
  await page.getByRole('link', { name: 'All jobs with this error' }).click();
  await row(page, name).waitFor();
  await row(page, name).getByRole('link').click();
  await page.getByRole('region', { name: 'Details' }).getByRole('link', { name: QUEUE }).click();
  await row(page, name).waitFor();
  await row(page, name).getByRole('link').click();
  await page.getByRole('region', { name: 'Details' }).getByRole('link', { name: 'Ines', exact: true }).click();
  await row(page, name).waitFor();
  assert.ok(new URL(page.url()).searchParams.get('owner'));
}

/** What admins, operators and viewers see of others' jobs. */
export function scopes(world) {
  it('leads an admin from a dead job of somebody else to all like it', async () => {
    await world.client.post('/members', ines);
    const member = await new Client(world.url).logIn(ines);
    const { _id } = await member.create({ name: 'Night fail', queue: QUEUE, maxRetries: 0 });
    await member.create({ name: 'Later, of Ines', queue: QUEUE, delayS: 7200 });
    await waitUntil(async () => (await member.statusOf(_id)) === 'dlq', { what: () => 'the job to fail' });
    await follow(world.page, 'Night fail');
    await world.page.getByRole('button', { name: 'Mine' }).click();
    await row(world.page, 'Night fail').waitFor({ state: 'detached' });
    await world.page.getByRole('link', { name: /^Dead letters/ }).first().click();
    await world.page.waitForURL('**/dlq?scope=own');
  });

  it('shows an operator the jobs and the queues of every workspace', async () => {
    const page = await openPage(world.browser, world.url);
    await logIn(page, world.operator);
    await follow(page, 'Night fail');
    await page.goto('/queues');
    const workspace = page.getByRole('button', { name: /^Olga/ });
    await workspace.click();
    await page.getByRole('region', { name: 'Queues of Olga' }).getByRole('link', { name: QUEUE }).waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  it('finds any of many workspaces for an operator, and lists the busiest of them', async () => {
    const owners = Array.from({ length: 24 }, (_, n) => ({ username: `Firm ${n}`, email: `firm${n}@example.com`, password: 'correct horse 9' }));
    for (const owner of owners) await new Client(world.url).post('/user/create', owner);
    const busy = await new Client(world.url).logIn(owners[0]);
    await busy.post('/job/bulk', { jobs: Array.from({ length: 30 }, () => ({ name: 'Of a firm', queue: 'firm', delayS: 7200 })) });
    const page = await openPage(world.browser, world.url);
    await logIn(page, world.operator);
    await page.getByRole('region', { name: 'Health' }).getByRole('link', { name: 'Firm 0' }).click();
    await page.waitForURL('**/?tenant=*');
    await row(page, 'Of a firm').first().waitFor();
    await page.goto('/queues');
    const workspaces = page.getByRole('region', { name: 'Workspaces' });
    await workspaces.getByText(/^The busiest 20 of \d+ workspaces$/).waitFor();
    await workspaces.getByRole('button', { name: 'Firm 0 30 queued' }).click();
    await workspaces.getByRole('region', { name: 'Queues of Firm 0' }).getByRole('link', { name: 'firm' }).waitFor();
    await workspaces.getByRole('button', { name: 'Show more' }).click();
    await waitUntil(async () => (await workspaces.getByRole('button', { name: /^Firm/ }).count()) === owners.length, { what: () => 'every firm' });
    await workspaces.getByLabel('Search workspaces').fill('firm 23');
    await workspaces.getByText('1 workspace', { exact: true }).waitFor();
    await workspaces.getByRole('button', { name: /^Firm 23/ }).click();
    await workspaces.getByRole('link', { name: 'default' }).waitFor();
    await workspaces.getByLabel('Search workspaces').fill('nobody');
    await workspaces.getByText('No workspace matches').waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();
    await busy.post('/job/actions', { action: 'cancel', filter: { queue: 'firm' } });
  });

  it('starts a viewer at what a viewer sees, and fits names of 64 letters on a phone', async () => {
    const viewer = { username: 'Vito', email: 'vito@example.com', password: 'correct horse 9', role: 'viewer' };
    await world.client.post('/members', viewer);
    const page = await openPage(world.browser, world.url, { viewport: PHONE, hasTouch: true, isMobile: true });
    await logIn(page, viewer);
    await row(page, 'Night fail').waitFor();
    const { jobs } = await world.client.get(`/dlq?scope=tenant&queue=${QUEUE}`);
    for (const path of ['/', `/?queue=${QUEUE}`, '/dlq', '/queues', '/metrics', `/jobs/${jobs[0]._id}`]) {
      await page.goto(path);
      await live(page);
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= PHONE.width, `${path} is too wide`);
    }
    await page.context().close();
  });
}
