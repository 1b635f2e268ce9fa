import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Client } from '../support/api.mjs';
import { live, logIn, openPage, row } from '../support/browser.mjs';
import { focusIs } from '../support/focus.mjs';

const ada = { username: 'Ada', email: 'ada@example.com', password: 'correct horse 9' };
const bob = { username: 'Bob', email: 'bob@example.com', password: 'correct horse 9' };

async function secondTab(page) {
  const tab = await page.context().newPage();
  tab.setDefaultTimeout(20_000);
  return tab;
}

async function fillLogIn(page, { email, password }) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** Several tabs of one browser, and sessions that end while someone writes. */
export function tabs(world) {
  it('follows another tab to the log-in, and to another user, of whom it then shows nothing else', async () => {
    const clients = await Promise.all([ada, bob].map((user) => new Client(world.url).signUp(user)));
    await clients[0].create({ name: 'Of Ada', delayS: 3600 });
    await clients[1].create({ name: 'Of Bob', delayS: 3600 });
    const page = await openPage(world.browser, world.url);
    await logIn(page, ada);
    await row(page, 'Of Ada').waitFor();
    const tab = await secondTab(page);
    await tab.goto('/');
    await live(tab);
    await tab.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('You have logged out.').waitFor();
    await fillLogIn(tab, bob);
    await row(tab, 'Of Bob').waitFor();
    await row(page, 'Of Bob').waitFor();
    assert.equal(await row(page, 'Of Ada').count(), 0);
    assert.equal(await page.getByText('Ada', { exact: true }).count(), 0);
    await live(page);
    await page.context().close();
  });

  it('creates a job after another tab logged in again, or changed the password', async () => {
    const page = await openPage(world.browser, world.url);
    await logIn(page, ada);
    await page.goto('/?new=simulated');
    const tab = await secondTab(page);
    await tab.goto('/settings/password');
    await live(tab);
    // A log-in of which the tabs are not told, as from another page of this host.
    await page.evaluate((body) => fetch('/api/login', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ ...body, cookie: true }) }), { email: ada.email, password: ada.password });
    const dialog = page.getByRole('dialog', { name: 'New job' });
    await dialog.getByLabel('Name', { exact: true }).fill('After another log-in');
    await dialog.getByRole('button', { name: 'Create job' }).click();
    await dialog.waitFor({ state: 'detached' });
    await row(page, 'After another log-in').waitFor();

    await tab.getByLabel('Current password').fill(ada.password);
    await tab.getByLabel('New password').fill('another horse 9');
    await tab.getByRole('button', { name: 'Change password' }).click();
    await tab.getByText('Password changed').waitFor();
    await page.getByRole('button', { name: 'New job' }).first().click();
    await dialog.getByLabel('Name', { exact: true }).fill('After a new password');
    await dialog.getByRole('button', { name: 'Create job' }).click();
    await row(page, 'After a new password').waitFor();
    await live(page);
    await page.context().close();
    ada.password = 'another horse 9';
  });

  it('keeps a half-written job when the session ends, and sends it after logging in again in place', async () => {
    const page = await openPage(world.browser, world.url);
    await logIn(page, ada);
    await page.getByRole('button', { name: 'New job' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New job' });
    await dialog.getByLabel('Name', { exact: true }).fill('Half written');
    await page.context().clearCookies();
    await dialog.getByRole('button', { name: 'Create job' }).click();
    const again = page.getByRole('dialog', { name: 'Log in again' });
    await again.getByText('Your session has expired.').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await again.getByLabel('Password').fill(ada.password);
    await again.getByRole('button', { name: 'Log in', exact: true }).click();
    await again.waitFor({ state: 'detached' });
    assert.equal(await dialog.getByLabel('Name', { exact: true }).inputValue(), 'Half written');
    await dialog.getByRole('button', { name: 'Create job' }).click();
    await row(page, 'Half written').waitFor();
    await live(page);
    await page.context().close();
  });

  it('keeps what was written when a dialog is closed by mistake', async () => {
    const page = await openPage(world.browser, world.url);
    await logIn(page, ada);
    const open = () => page.getByRole('button', { name: 'New job' }).first().click();
    const name = page.getByRole('dialog', { name: 'New job' }).getByLabel('Name', { exact: true });
    await open();
    await name.fill('Not lost');
    await page.keyboard.press('Escape');
    await name.waitFor({ state: 'detached' });
    await open();
    assert.equal(await name.inputValue(), 'Not lost');
    await page.mouse.click(5, 5);
    await name.waitFor({ state: 'detached' });
    await open();
    assert.equal(await name.inputValue(), 'Not lost');
    await page.getByRole('button', { name: 'Start over' }).click();
    assert.equal(await name.inputValue(), '');
    await page.context().close();
  });

  it('says why a removed member is logged out', async () => {
    const user = { username: 'Remo', email: 'remo@example.com', password: 'correct horse 9', role: 'member' };
    const { member } = await world.client.post('/members', user);
    const page = await openPage(world.browser, world.url);
    await logIn(page, user);
    await world.client.call('DELETE', `/members/${member._id}`);
    // the socket may tell the page first, which then has no links any more
    await page.getByRole('link', { name: 'Queues' }).first().click({ timeout: 2000 }).catch(() => undefined);
    await page.getByText('Your account was removed from its workspace.').waitFor();
    await page.context().close();
  });

  it('shows a new password until it is copied, whatever becomes of the page, and resets one', async () => {
    const page = await openPage(world.browser, world.url, { storageState: world.storage });
    await page.goto('/settings/theme');
    await page.getByRole('link', { name: 'Members' }).click();
    const add = page.getByRole('button', { name: 'Add' });
    await add.click();
    const dialog = page.getByRole('dialog', { name: 'Add a member' });
    await dialog.getByLabel('Name').fill('Otto');
    await dialog.getByLabel('E-mail').fill('otto@example.com');
    await dialog.getByRole('button', { name: 'Add' }).click();
    const shown = page.getByTestId('one-time-password');
    await shown.waitFor();
    const first = await shown.innerText();
    await page.evaluate(() => { document.querySelector('dialog').addEventListener('close', () => { document.body.dataset.closed = 'once'; }); });
    for (const _ of [1, 2, 3, 4]) {
      await page.keyboard.press('Escape');
      // the logo of the page below
      await page.mouse.click(5, 5);
    }
    assert.equal(await page.locator('body').getAttribute('data-closed'), null);
    assert.ok(page.url().endsWith('/settings/members'));
    // the list of members is made anew, with what it read
    await page.goBack();
    await add.waitFor({ state: 'detached' });
    await page.goForward();
    await add.waitFor({ state: 'attached' });
    assert.equal(await shown.innerText(), first);
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await shown.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Reset the password of Otto' }).click();
    await page.getByRole('button', { name: 'Reset the password', exact: true }).click();
    const password = (await shown.innerText()).trim();
    assert.notEqual(password, first.trim());
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await new Client(world.url).logIn({ email: 'otto@example.com', password });
    await focusIs(page, page.getByRole('button', { name: 'Reset the password of Otto' }));
    await page.context().close();
  });

  it('hints at the log-in when an address is taken', async () => {
    const page = await openPage(world.browser, world.url);
    await page.goto('/signup');
    await page.getByLabel('Name').fill('Bob again');
    await page.getByLabel('E-mail').fill(bob.email);
    await page.getByLabel('Password').fill('quite another 9');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByText('You may already have an account with this address').waitFor();
    await page.context().close();
  });

  it('reads everything once when a page opens', async () => {
    const page = await openPage(world.browser, world.url);
    await logIn(page, bob);
    const asked = [];
    page.on('request', (request) => { const { pathname, search } = new URL(request.url()); if (pathname.startsWith('/api/')) asked.push(pathname + search); });
    await page.reload();
    await row(page, 'Of Bob').waitFor();
    await live(page);
    const twice = asked.filter((path, at) => asked.indexOf(path) !== at);
    assert.ok(asked.length > 5);
    assert.deepEqual(twice, []);
    await page.context().close();
  });
}
