import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Client } from '../support/api.mjs';
import { live, logIn, openPage } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

const PASSWORD = 'correct horse 9';
const NEXT = 'another horse 7';

/** The link in the newest mail to an address, from the outbox of the stack. */
async function linkTo(world, email) {
  const operator = await new Client(world.url).logIn(world.operator);
  let link;
  await waitUntil(async () => {
    const { mails } = await operator.get('/outbox?limit=50');
    link = mails.find((mail) => mail.to === email && mail.state === 'sent')?.text.match(/https?:\/\/\S+#\S+/)?.[0];
    return link !== undefined;
  }, { ms: 90_000, what: () => `a mail to ${email}` });
  return link;
}

/** Invitations, forgotten passwords, sessions, mails, the workspace's settings. */
export function people(world) {
  it('invites by a link, by which somebody joins once', async () => {
    const page = await openPage(world.browser, world.url, { storageState: world.storage });
    await page.goto('/settings/members');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByLabel('E-mail').fill('ida@example.com');
    await page.getByRole('dialog').getByLabel('Role').selectOption('viewer');
    await page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click();
    const link = await page.getByTestId('invitation-link').innerText();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('list', { name: 'Invitations' }).getByText('ida@example.com').waitFor();
    assert.equal(await linkTo(world, 'ida@example.com'), link.trim());

    const guest = await openPage(world.browser, world.url);
    await guest.goto(new URL(link).pathname + new URL(link).hash);
    await guest.getByRole('heading', { name: 'Join Olga' }).waitFor();
    await guest.getByLabel('Name').fill('Ida');
    await guest.getByLabel('Password').fill(PASSWORD);
    await guest.getByRole('button', { name: 'Join' }).click();
    await live(guest);
    const late = await openPage(world.browser, world.url);
    await late.goto(new URL(link).pathname + new URL(link).hash);
    await late.getByRole('alert').getByText(/used or revoked/).waitFor();
    assert.deepEqual([...page.problems, ...guest.problems, ...late.problems], []);
    for (const each of [page, guest, late]) await each.context().close();
  });

  it('revokes an invitation', async () => {
    const { invitation } = await world.client.post('/invitations', { email: 'uwe@example.com' });
    const page = await openPage(world.browser, world.url, { storageState: world.storage });
    await page.goto('/settings/members');
    await page.getByRole('button', { name: 'Revoke the invitation of uwe@example.com' }).click();
    await page.getByText('uwe@example.com').waitFor({ state: 'detached' });
    const { invitations } = await world.client.get('/invitations');
    assert.ok(!invitations.some(({ _id }) => _id === invitation._id));
    await page.context().close();
  });

  it('mails a link to set a forgotten password', async () => {
    const user = { username: 'Fred', email: 'fred@example.com', password: PASSWORD };
    await new Client(world.url).signUp(user);
    const page = await openPage(world.browser, world.url);
    await page.goto('/login');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByLabel('E-mail').fill(user.email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByRole('status').getByText('a mail is on its way').waitFor();
    const link = new URL(await linkTo(world, user.email));
    await page.goto(link.pathname + link.hash);
    await page.getByLabel('New password').fill(NEXT);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('status').getByText('The password was changed').waitFor();
    await logIn(page, { ...user, password: NEXT });
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  it('lists the sessions, and logs one and all of them out', async () => {
    const user = { username: 'Sue', email: 'sue@example.com', password: PASSWORD };
    const other = await new Client(world.url).signUp(user);
    const page = await openPage(world.browser, world.url);
    await logIn(page, user);
    await page.goto('/settings/sessions');
    await page.getByText('this one').waitFor();
    await page.getByRole('button', { name: /^Log out (?!everywhere)/ }).last().click();
    await waitUntil(() => other.get('/me').then(() => false, (error) => error.answer.code === 'logged_out'), { ms: 20_000, what: () => 'the other session to end' });
    await page.getByRole('button', { name: 'Log out everywhere' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Log out everywhere' }).click();
    await page.waitForURL('**/login*');
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  it('sets how often mails about failures come, and unsubscribes by a link', async () => {
    const page = await openPage(world.browser, world.url, { storageState: world.storage });
    await page.goto('/settings/notifications');
    await page.getByLabel('Mails about failed jobs').selectOption('daily');
    await page.getByLabel('Of whose jobs').selectOption('tenant');
    await waitUntil(async () => (await world.client.get('/me/notifications')).notifications.scope === 'tenant', { ms: 20_000, what: () => 'the choice to be stored' });
    await page.reload();
    assert.equal(await page.getByLabel('Mails about failed jobs').inputValue(), 'daily');
    await page.goto('/unsubscribe#nothing');
    await page.getByRole('button', { name: 'Unsubscribe' }).click();
    await page.getByRole('alert').waitFor();
    await world.client.put('/me/notifications', { failures: 'off' });
    await page.context().close();
  });

  it('changes the quotas and the retention of the workspace', async () => {
    const page = await openPage(world.browser, world.url, { storageState: world.storage });
    await page.goto('/settings/workspace');
    await page.getByLabel('Open jobs').fill('1234');
    await page.getByLabel('Keep dead letters (days)').fill('7');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').getByText('Settings saved').waitFor();
    const { settings } = await world.client.get('/tenant/settings');
    assert.deepEqual([settings.openJobs, settings.keepDlqDays], [1234, 7]);
    await page.getByLabel('Open jobs').fill('');
    await page.getByLabel('Keep dead letters (days)').fill('99999');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').first().waitFor();
    await world.client.put('/tenant/settings', { openJobs: null, keepDlqDays: null });
    await page.context().close();
  });

  it('deletes an account, confirmed by name and password', async () => {
    const user = { username: 'Gus', email: 'gus@example.com', password: PASSWORD };
    await world.client.post('/members', { ...user, role: 'member' });
    const page = await openPage(world.browser, world.url);
    await logIn(page, user);
    await page.goto('/settings/profile');
    await page.getByRole('button', { name: 'Delete the account …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Someone');
    await dialog.getByLabel('Current password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByRole('alert').getByText('This is not your name').waitFor();
    await dialog.getByLabel('Name').fill('Gus');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/login*');
    await assert.rejects(new Client(world.url).logIn(user), /wrong_credentials/);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  it('shows operators of a local stack its mails', async () => {
    const page = await openPage(world.browser, world.url);
    await logIn(page, world.operator);
    await page.goto('/settings/outbox');
    await page.getByText('to fred@example.com').first().click();
    await page.getByText('/reset-password#').first().waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
}
