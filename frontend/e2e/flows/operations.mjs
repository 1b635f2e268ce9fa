import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';

import { issues } from '../support/axe.mjs';
import { logIn, openPage, PHONE } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

const QUEUE = 'exported';
const PACED = 'paced';

/** Exports: a small one at once, a large one as an operation with a file. */
export function operations(world) {
  const row = (page) => page.getByTestId('operation').first();

  it('saves a small export of what the list shows', async () => {
    const { page, client } = world;
    for (const name of ['=1+1', 'Plain']) await client.post('/job/create', { name, queue: QUEUE, delayS: 3600 });
    await page.goto(`/?queue=${QUEUE}`);
    await page.getByRole('button', { name: 'Export jobs' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export jobs' });
    const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Export', exact: true }).click()]);
    assert.match(file.suggestedFilename(), /^jobs-[\d-]+\.csv$/);
    const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
    assert.equal(lines.length, 3);
    assert.ok(lines.some((line) => line.includes(",'=1+1,")), 'no formula');
    await dialog.waitFor({ state: 'detached' });
  });

  it('shows a large export as an operation until its file is there', async () => {
    const { page, client } = world;
    const page1000 = Array.from({ length: 1000 }, (_, n) => ({ name: `Row ${n}`, queue: QUEUE, delayS: 3600 }));
    await client.post('/job/bulk', { jobs: page1000 });
    await page.goto(`/?queue=${QUEUE}`);
    await page.getByRole('button', { name: 'Export jobs' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export jobs' });
    await dialog.getByRole('button', { name: 'NDJSON' }).click();
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.getByRole('button', { name: 'Download' }).waitFor({ timeout: 60_000 });
    await dialog.getByText(/^1,002 jobs, /).waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Download' }).click()]);
    const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n');
    assert.equal(lines.length, 1002);
    assert.equal(new Set(lines.map((line) => JSON.parse(line)._id)).size, 1002);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
  });

  it('cancels more than 1,000 jobs by an operation, which the dialog follows', async () => {
    const { page } = world;
    await page.goto(`/?queue=${QUEUE}`);
    await page.getByRole('checkbox', { name: 'Select all' }).first().check();
    await page.getByRole('button', { name: 'Select everything that matches' }).click();
    await page.getByRole('toolbar', { name: 'Selected jobs' }).getByRole('button', { name: 'Cancel' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel jobs' });
    await dialog.getByTestId('dry-run').getByText('1,002 jobs').waitFor();
    await dialog.getByText('An operation does it in the background').waitFor();
    assert.deepEqual(await issues(page), []);
    await dialog.getByRole('button', { name: 'Cancel 1,002 jobs' }).click();
    await dialog.getByText('1,002 jobs cancelled').waitFor({ timeout: 60_000 });
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.goto('/operations');
    await row(page).getByText('1,002 jobs cancelled').waitFor();
    assert.equal(await row(page).getByRole('button').count(), 0, 'no file');
  });

  it('lists operations, also on a phone and in the dark, without an issue of axe', async () => {
    const { page, browser, url, owner = { email: 'olga@example.com', password: 'correct horse 9' } } = world;
    await page.goto('/operations');
    await page.getByTestId('operation').nth(1).getByText('Export of jobs (ndjson)').waitFor();
    await row(page).getByText('Completed').waitFor();
    assert.deepEqual(await issues(page), []);
    const phone = await openPage(browser, url, { viewport: PHONE, colorScheme: 'dark' });
    await logIn(phone, owner);
    await phone.goto('/operations');
    await phone.getByRole('button', { name: 'Download' }).first().waitFor();
    assert.deepEqual(await issues(phone), []);
    assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false);
    await phone.context().close();
  });

  it('cancels an operation that has not begun', async () => {
    const { page, client } = world;
    await client.post('/queues/operations/pause');
    await client.get('/job/export?format=csv&background=true');
    await page.goto('/operations');
    await row(page).getByText('Waiting for a worker').waitFor();
    await row(page).getByRole('button', { name: 'Cancel' }).click();
    await row(page).locator('[data-status=cancelled]').waitFor();
    assert.equal(await row(page).getByRole('button').count(), 0);
    await client.post('/queues/operations/resume');
  });

  it('redrives failed jobs at a pace, and none after it was cancelled', async () => {
    const { page, client } = world;
    for (const n of [1, 2]) await client.post('/job/create', { name: `Fails ${n}`, queue: PACED, maxRetries: 0 });
    await waitUntil(async () => (await client.get(`/dlq?queue=${PACED}`)).jobs.length === 2, { what: () => 'two dead jobs' });
    await page.goto(`/dlq?queue=${PACED}`);
    await page.getByRole('button', { name: 'Redrive everything that matches' }).click();
    const dialog = page.getByRole('dialog', { name: 'Redrive jobs' });
    await dialog.getByLabel('Jobs a minute').fill('1');
    await dialog.getByRole('button', { name: 'Redrive 2 jobs' }).click();
    await dialog.getByText(/^1 job of 2 jobs/).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByText('Cancelled').waitFor();
    const redrives = async () => (await client.get(`/job?queue=${PACED}`)).jobs.map((job) => job.redrives).sort().join();
    assert.equal(await redrives(), '0,1');
  });

  for (const [device, options] of Object.entries({ desktop: {}, phone: { viewport: PHONE, colorScheme: 'dark' } })) {
    it(`replays all that match, with something merged into each payload, on a ${device}`, async () => {
      const { browser, url, client, storage } = world;
      const queue = `again-${device}`;
      const page = await openPage(browser, url, { ...options, storageState: storage, reducedMotion: 'reduce' });
      for (const n of [1, 2]) await client.post('/job/create', { name: `Again ${n}`, queue, payload: { id: n, draft: true } });
      await waitUntil(async () => (await client.get(`/job?queue=${queue}&status=completed`)).jobs.length === 2, { ms: 60_000, what: () => 'two completed jobs' });
      await page.goto(`/?queue=${queue}`);
      await page.getByRole('button', { name: 'Replay', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Replay jobs' });
      await dialog.getByTestId('dry-run').getByText('2 ended jobs').waitFor();
      const editor = dialog.getByRole('textbox', { name: 'Merge into each payload' });
      await editor.fill('{"draft": null, "customer": {"region": "eu"}}');
      await dialog.getByText('The payload of the oldest job, merged').waitFor();
      await dialog.getByLabel('The merged payload as JSON').getByText('"eu"').waitFor();
      await dialog.getByLabel('Priority').selectOption('9');
      assert.deepEqual(await issues(page), []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false);
      await dialog.getByRole('button', { name: 'Replay 2 jobs' }).click();
      await dialog.getByText('2 jobs replayed').waitFor({ timeout: 60_000 });
      const made = (await client.get(`/job?queue=${queue}`)).jobs.filter((job) => job.replayOf);
      assert.deepEqual(made.map((job) => job.priority), [9, 9]);
      const { job } = await client.get(`/job/${made[0]._id}`);
      assert.deepEqual(Object.keys(job.payload).sort(), ['customer', 'id']);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  }

  it('saves the audit log as CSV', async () => {
    const { page } = world;
    await page.goto('/settings/audit');
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export' }).click()]);
    const text = await readFile(await file.path(), 'utf8');
    assert.match(text, /^_id,at,tenantId/);
    assert.match(text, /jobs\.export/);
  });
}
