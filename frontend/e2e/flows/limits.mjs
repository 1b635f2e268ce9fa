import assert from 'node:assert/strict';
import { it } from 'node:test';

import { logIn, openPage, PHONE } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

const TASK = 'simulated_mail';
const LIMIT = 'simulated_account';
const mail = (name, account, seconds) => ({ name, task: TASK, queue: 'limits', payload: { account_id: account, seconds } });

/** Limits: what they hold, why a job waits, and their change. */
export function limits(world) {
  const field = async (name) => (await world.client.get(`/limits/${LIMIT}`)).limit[name];

  it('shows what holds a limit and why a job waits', async () => {
    const { page, client } = world;
    const first = await client.create(mail('Long mail', 'acme', 50));
    await waitUntil(async () => (await client.statusOf(first._id)) === 'running', { what: () => 'the first mail to run' });
    const second = await client.create(mail('Short mail', 'acme', 0));
    await page.goto('/limits');
    const row = page.getByTestId('limit').filter({ has: page.getByRole('rowheader', { name: LIMIT }) });
    await row.getByText('Jobs wait').waitFor();
    await row.getByRole('link', { name: LIMIT }).click();
    await page.getByTestId('limit-key').filter({ hasText: 'acme' }).waitFor();
    assert.equal(await page.getByTestId('limit-holder').first().innerText(), first._id);

    await page.goto(`/jobs/${second._id}`);
    await page.getByTestId('blocked-by').getByText(`${LIMIT} (acme): 1 of 1 running`).waitFor();
    await client.post(`/job/${first._id}/cancel`);
    await page.getByTestId('blocked-by').waitFor({ state: 'detached', timeout: 30_000 });
    await waitUntil(async () => (await client.statusOf(second._id)) === 'completed', { what: () => 'the second mail to be sent' });
  });

  it('changes, pauses, resumes and resets a limit by the keyboard', async () => {
    const { page } = world;
    await page.goto(`/limits/${LIMIT}`);
    await page.getByRole('button', { name: 'Change' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: `Change ${LIMIT}` });
    await dialog.getByLabel('Rate').fill('often');
    await dialog.getByLabel('Rate').press('Enter');
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Rate').fill('');
    await dialog.getByLabel('Concurrency').fill('3');
    await dialog.getByLabel('Concurrency').press('Enter');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await field('concurrency'), 3);
    await page.getByText('(code: 1)').waitFor();

    await page.getByRole('button', { name: 'Pause' }).press('Enter');
    await page.getByRole('dialog', { name: `Pause ${LIMIT}` }).getByRole('button', { name: 'Pause' }).press('Enter');
    await page.getByTestId('limit-state').getByText('Paused').waitFor();
    const held = await world.client.create(mail('Held mail', 'acme', 0));
    assert.equal(await world.client.statusOf(held._id), 'pending');
    await page.getByRole('button', { name: 'Resume' }).press('Enter');
    await waitUntil(async () => (await world.client.statusOf(held._id)) === 'completed', { what: () => 'the held mail to be sent' });

    await page.getByRole('button', { name: 'Reset' }).press('Enter');
    await page.getByRole('dialog', { name: `Reset ${LIMIT}` }).getByRole('button', { name: 'Reset' }).press('Enter');
    await page.getByRole('button', { name: 'Reset' }).first().waitFor({ state: 'detached' }); // the last one: that of the page
    assert.equal(await field('concurrency'), 1);
  });

  it('follows changes by others', async () => {
    const { page, client } = world;
    await page.goto(`/limits/${LIMIT}`);
    await page.getByTestId('limit-state').waitFor();
    await client.post(`/limits/${LIMIT}/pause`);
    await page.getByTestId('limit-state').getByText('Paused').waitFor();
    await client.post(`/limits/${LIMIT}/reset`);
    await page.getByTestId('limit-state').getByText('Open').waitFor();
  });

  it("shows the workspace's own concurrency, and that a job waits for it", async () => {
    const { page, client } = world;
    await page.goto('/limits');
    await page.getByTestId('limit').first().waitFor();
    assert.equal(await page.getByTestId('tenant-limit').count(), 0);
    const long = await client.create(mail('Long mail', 'one', 50));
    await waitUntil(async () => (await client.statusOf(long._id)) === 'running', { what: () => 'the long mail to run' });
    await client.put('/tenant/settings', { concurrency: 1 });
    await page.getByTestId('tenant-limit').getByText('Full').waitFor();
    const short = await client.create(mail('Short mail', 'two', 0));
    await page.goto(`/jobs/${short._id}`);
    await page.getByTestId('blocked-by').getByText(/^Your workspace: \d+ of 1 running$/).waitFor();
    await client.put('/tenant/settings', { concurrency: null });
    await waitUntil(async () => (await client.statusOf(short._id)) === 'completed', { what: () => 'the short mail to be sent' });
    await client.post(`/job/${long._id}/cancel`);
  });

  it('is read only for a viewer, also on a phone', async () => {
    const user = { username: 'Lea', email: 'lea@example.com', password: 'correct horse 9', role: 'viewer' };
    await world.client.post('/members', user);
    const viewer = await openPage(world.browser, world.url, { viewport: PHONE, hasTouch: true, isMobile: true });
    await logIn(viewer, user);
    await viewer.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Limits' }).click();
    await viewer.getByTestId('limit').first().getByRole('link').click();
    await viewer.getByRole('heading', { level: 1, name: /^simulated_/ }).waitFor();
    await viewer.getByTestId('limit-state').first().waitFor();
    assert.equal(await viewer.getByRole('button', { name: /^(Change|Pause|Resume|Reset)$/ }).count(), 0);
    await viewer.context().close();
  });
}
