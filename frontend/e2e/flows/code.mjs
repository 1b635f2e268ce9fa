import assert from 'node:assert/strict';
import { it } from 'node:test';

import { live, openPage } from '../support/browser.mjs';

/** The page's own code: parts that do not arrive, and newer versions. */
export function code(world) {
  it('keeps the page when a part of it does not arrive, and gets it on the next try', async () => {
    const page = await openPage(world.browser, world.url, { storageState: world.storage });
    await page.route(/assets\/(queues-page|palette)-/, (route) => route.abort());
    await page.goto('/');
    await live(page);
    await page.getByRole('link', { name: 'Queues' }).first().click();
    const main = page.getByRole('main');
    await main.getByText('This part could not be loaded').waitFor();
    await page.getByRole('link', { name: 'Settings' }).first().click();
    await main.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.keyboard.press('Control+k');
    const failed = page.getByRole('dialog', { name: 'This part could not be loaded' });
    await failed.waitFor();
    await page.unroute(/assets\/(queues-page|palette)-/);
    await failed.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Queues' }).first().click();
    await main.getByRole('heading', { name: 'Queues' }).waitFor();
    await page.context().close();
  });

  it('says that a new version is out when its own parts are gone', async () => {
    const page = await openPage(world.browser, world.url, { storageState: world.storage });
    await page.route(/assets\/metrics-page-/, (route) => route.fulfill({ status: 404 }));
    await page.goto('/');
    await live(page);
    const index = await (await page.request.get('/')).text();
    await page.route('**/', (route) => route.fulfill({ contentType: 'text/html', body: index.replace(/assets\/index-[\w-]+\.js/, 'assets/index-newer000.js') }));
    await page.getByRole('link', { name: 'Metrics' }).first().click();
    await page.getByRole('main').getByText('A new version is available').waitFor();
    await page.getByTestId('new-version').getByRole('button', { name: 'Reload' }).waitFor();
    await page.unrouteAll();
    await page.getByRole('main').getByRole('button', { name: 'Reload the page' }).click();
    await page.getByRole('main').getByRole('heading', { name: 'Metrics' }).waitFor();
    await page.context().close();
  });

  it('opens what was not opened before while the server is away', async () => {
    const page = await openPage(world.browser, world.url, { storageState: world.storage });
    await page.goto('/');
    await live(page);
    await page.waitForFunction(() => ['palette-', 'help-', 'new-job-dialog-', 'queues-page-'].every((part) => performance.getEntriesByType('resource').some(({ name }) => name.includes(part))));
    await page.context().setOffline(true);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'New job' }).first().click();
    await page.getByRole('dialog', { name: 'New job' }).waitFor();
    assert.equal(await page.getByText('Failed to fetch').count(), 0);
    await page.context().close();
  });
}
