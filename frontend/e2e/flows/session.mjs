import assert from 'node:assert/strict';
import { it } from 'node:test';

import { live, openPage } from '../support/browser.mjs';

/** Signing up, in and out, and where the session is kept. */
export function session(world) {
  it('says in words what is wrong with a log-in', async () => {
    const page = await openPage(world.browser, world.url);
    await page.goto('/');
    await page.waitForURL('**/login?next=*');
    await page.getByLabel('E-mail').fill('nobody@example.com');
    await page.getByLabel('Password').fill('not this one');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').getByText('The e-mail address or the password is wrong').waitFor();
    await page.context().close();
  });

  it('signs up, keeps the token out of reach of scripts, and logs out', async () => {
    const page = await openPage(world.browser, world.url);
    await page.goto('/signup');
    await page.getByLabel('Name').fill('Nova');
    await page.getByLabel('E-mail').fill('nova@example.com');
    await page.getByLabel('Password').fill('correct horse 9');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await live(page);
    await page.getByText('No jobs yet').waitFor();

    const cookie = (await page.context().cookies()).find(({ name }) => name.startsWith('qc_session_'));
    assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, 'Strict']);
    const reachable = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie);
    assert.ok(!reachable.includes('eyJ'), reachable);

    await page.reload();
    await live(page);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.waitForURL('**/login*');
    await page.goto('/queues');
    await page.waitForURL('**/login?next=%2Fqueues');
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  it('is guarded by a policy without inline scripts and styles', async () => {
    const response = await fetch(`${world.url}/`);
    const policy = response.headers.get('content-security-policy');
    const [scripts, styles] = ['script-src', 'style-src'].map((name) => policy.split(';').find((part) => part.trim().startsWith(name)).trim());
    assert.deepEqual([scripts, styles], ["script-src 'self'", "style-src 'self'"]);
    const html = await response.text();
    assert.match(html, /http-equiv="Content-Security-Policy"/);
    assert.doesNotMatch(html, /<script(?![^>]*src=)|<style|\sstyle=/);
  });

  it('refuses a change that comes with the cookie alone', async () => {
    const page = await openPage(world.browser, world.url, { storageState: world.storage });
    await page.goto('/');
    await live(page);
    const status = await page.evaluate(async () => (await fetch('/api/job/create', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"name":"forged"}' })).status);
    assert.equal(status, 403);
    await page.context().close();
  });
}
