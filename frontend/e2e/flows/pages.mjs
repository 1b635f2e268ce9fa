import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Client } from '../support/api.mjs';
import { live, logIn, openPage } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

/** Queues, metrics, settings, palette. */
export function pages(world) {
  it('pauses and resumes a queue', async () => {
    const { page } = world;
    await page.goto('/queues');
    const queue = page.getByTestId('queue').filter({ has: page.getByRole('heading', { name: 'default' }) });
    await queue.getByRole('button', { name: 'Pause default' }).click();
    await queue.getByText('Paused', { exact: true }).waitFor();
    const held = await world.client.create({ name: 'Held back' });
    assert.equal(await world.client.statusOf(held._id), 'pending');
    await queue.getByRole('button', { name: 'Resume default' }).click();
    await waitUntil(async () => (await world.client.statusOf(held._id)) === 'completed', { what: () => 'the held job to complete' });
  });

  it('pauses and resumes a task, and a job says that it waits for that', async () => {
    const { page, client } = world;
    await page.goto('/queues');
    await page.getByRole('button', { name: 'Pause a task' }).click();
    const dialog = page.getByRole('dialog', { name: 'Pause a task' });
    await dialog.getByLabel('Task').selectOption('crunch');
    await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByTestId('paused-task').getByText('crunch').waitFor();
    const job = await client.create({ name: 'Held by its task', task: 'crunch', payload: { megabytes: 1, seconds: 0 } });
    await page.goto(`/jobs/${job._id}`);
    await page.getByTestId('blocked-by').getByText('Task crunch is paused').click();
    await page.getByRole('button', { name: 'Resume crunch' }).click();
    await page.getByTestId('paused-task').waitFor({ state: 'detached' });
    await waitUntil(async () => (await client.statusOf(job._id)) === 'completed', { what: () => 'the held job to run' });
  });

  it('pauses and resumes all queues, and a job says that it waits for that', async () => {
    const { page } = world;
    await page.goto('/queues');
    await page.getByRole('button', { name: 'Pause all queues' }).click();
    await page.getByRole('dialog', { name: 'Pause all queues' }).getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('All queues are paused').waitFor();
    const held = await world.client.create({ name: 'Held with all' });
    assert.equal(await world.client.statusOf(held._id), 'pending');
    await page.goto(`/jobs/${held._id}`);
    await page.getByTestId('blocked-by').getByText('Your workspace is paused').click();
    await page.getByRole('button', { name: 'Resume all queues' }).click();
    await waitUntil(async () => (await world.client.statusOf(held._id)) === 'completed', { what: () => 'the held job to complete' });
  });

  it('shows throughput and percentiles per task', async () => {
    const { page } = world;
    await page.goto('/metrics');
    for (const title of ['Throughput', 'Failure rate', 'Wait time', 'Run time']) await page.getByRole('region', { name: title }).waitFor();
    await page.getByRole('region', { name: 'By task' }).first().getByRole('rowheader', { name: 'simulated' }).waitFor();
    await page.getByRole('button', { name: 'Week' }).click();
    await page.waitForURL('**/metrics?window=week');
  });

  it('adds a member, who sees less', async () => {
    const { page } = world;
    await page.goto('/settings/members');
    await page.getByRole('button', { name: 'Add' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a member' });
    await dialog.getByLabel('Name').fill('Vera');
    await dialog.getByLabel('E-mail').fill('vera@example.com');
    await dialog.getByLabel('Role').selectOption('viewer');
    await dialog.getByRole('button', { name: 'Add' }).click();
    const password = await dialog.getByTestId('one-time-password').innerText();
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    assert.deepEqual(await page.getByLabel('Role of Vera').locator('option').allInnerTexts(), ['Admin', 'Member', 'Viewer']);

    const viewer = await openPage(world.browser, world.url);
    await logIn(viewer, { email: 'vera@example.com', password: password.trim() });
    assert.equal(await viewer.getByRole('button', { name: 'New job' }).count(), 0);
    await viewer.goto('/queues');
    await viewer.getByTestId('queue').first().waitFor();
    assert.equal(await viewer.getByRole('button', { name: /^Pause/ }).count(), 0);
    await viewer.keyboard.press('Control+k');
    const palette = viewer.getByRole('dialog', { name: 'Command palette' });
    await palette.getByRole('option', { name: 'Go to queues' }).waitFor();
    assert.equal(await palette.getByRole('option', { name: /^New|members/ }).count(), 0);
    await viewer.keyboard.press('Escape');
    await viewer.keyboard.press('n');
    await viewer.keyboard.press('g');
    await viewer.keyboard.press('s');
    await viewer.waitForURL('**/settings');
    assert.equal(await viewer.getByRole('link', { name: 'Members' }).count(), 0);
    await viewer.context().close();
  });

  it('tells a member that a list is not theirs', async () => {
    const user = { username: 'Max', email: 'max@example.com', password: 'correct horse 9', role: 'member' };
    await world.client.post('/members', user);
    const member = await openPage(world.browser, world.url);
    await logIn(member, user);
    await member.goto('/?scope=tenant');
    await member.getByText('You don’t have access to this').first().waitFor();
    await member.context().close();
  });

  it('changes profile and password and stays logged in', async () => {
    const page = await openPage(world.browser, world.url);
    const user = { username: 'Pat', email: 'pat@example.com', password: 'correct horse 9' };
    await new Client(world.url).signUp(user);
    await logIn(page, user);
    await page.goto('/settings/profile');
    await page.getByLabel('Name').fill('Patricia');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved').waitFor();
    await page.goto('/settings/password');
    await page.getByLabel('Current password').fill('wrong');
    await page.getByLabel('New password').fill('another horse 9');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('The current password is wrong').waitFor();
    await page.getByLabel('Current password').fill(user.password);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('Password changed').waitFor();
    await page.goto('/settings/theme');
    await live(page);
    await page.getByRole('button', { name: 'Dark' }).click();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    await page.reload();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    await page.context().close();
  });

  it('goes anywhere by the command palette, and helps with the keys', async () => {
    const { page } = world;
    await page.goto('/');
    await live(page);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Command palette' }).getByRole('combobox').fill('metr');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/metrics');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.waitForURL('**/dlq');
  });
}
