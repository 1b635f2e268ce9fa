import assert from 'node:assert/strict';
import { it } from 'node:test';

import { issues } from '../support/axe.mjs';
import { openPage, PHONE } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

const QUEUE = 'measured';

/** A range compared with the one before, in charts and tables. */
export function analytics(world) {
  it('counts what ran, by task and by queue, with the range in the address', async () => {
    const { page, client } = world;
    const made = await client.post('/job/bulk', { jobs: ['One', 'Two', 'Three that fails'].map((name) => ({ name, queue: QUEUE, maxRetries: 0 })) });
    const ended = async () => (await Promise.all(made.ids.map((id) => client.statusOf(id)))).every((status) => status === 'completed' || status === 'dlq');
    await waitUntil(ended, { ms: 60_000 });
    await page.goto(`/analytics?range=1h&by=queue&queue=${QUEUE}`);
    const table = page.getByRole('region', { name: 'Table by queue' });
    await waitUntil(async () => { await page.reload(); return (await table.getByRole('row').filter({ hasText: QUEUE }).innerText({ timeout: 5_000 }).catch(() => '')).split(/\s+/).slice(0, 4).join(' ') === `${QUEUE} 2 new 1`; }, { ms: 60_000 });
    await page.getByRole('region', { name: 'Top errors' }).getByRole('link', { name: /SimulatedFailure/ }).waitFor();
    await page.getByText('All done in').waitFor();
    await page.getByRole('button', { name: 'Week' }).click();
    await page.getByRole('button', { name: 'Task', exact: true }).click();
    await page.getByRole('region', { name: 'Table by task' }).getByRole('button', { name: 'simulated' }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('range'), '7d');
    await page.getByRole('region', { name: 'Deployments' }).getByText(/^\d+\.\d+\.\d+\+[0-9a-f]{8}$/).first().waitFor();
  });

  it('fits a phone, dark, without an issue of axe, and says when nothing ran', async () => {
    const { browser, url, storage } = world;
    const phone = await openPage(browser, url, { viewport: PHONE, colorScheme: 'dark', storageState: storage });
    await phone.goto('/analytics?range=1h&by=worker');
    await phone.getByRole('region', { name: 'By worker' }).getByText(/attempts?/).first().waitFor();
    assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false);
    assert.deepEqual(await issues(phone), []);
    await phone.goto('/analytics?from=2026-01-01T00:00:00.000Z&to=2026-01-02T00:00:00.000Z');
    await phone.getByText('No jobs ran in this period').first().waitFor();
    await phone.context().close();
  });
}
