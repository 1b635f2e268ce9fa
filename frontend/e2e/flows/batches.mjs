import assert from 'node:assert/strict';
import { it } from 'node:test';

import { logIn, openPage, PHONE } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

const QUEUE = 'parcels';
const jobs = (number, job = {}) => Array.from({ length: number }, (_, n) => ({ name: `Parcel ${n}`, queue: QUEUE, maxRetries: 0, ...job }));

/** Batches: progress as it happens, what follows the end, cancellation, and the jobs behind the numbers. */
export function batches(world) {
  const row = (page, name) => page.getByTestId('batch').filter({ has: page.getByRole('link', { name, exact: true }) });
  const number = (page, status) => page.getByTestId(`jobs-${status}`).locator('b').innerText();

  it('shows the progress of a batch as it happens, and the jobs that follow its end', async () => {
    const { page, client } = world;
    await client.post(`/queues/${QUEUE}/pause`);
    const { batch } = await client.post('/batches', { name: 'Autumn parcels', jobs: [...jobs(5), { name: 'Parcel that fails', queue: QUEUE, maxRetries: 0 }], onComplete: { name: 'Count parcels' }, onSuccess: { name: 'Never made' } });
    await page.goto('/batches');
    await row(page, 'Autumn parcels').getByText('0 of 6 done').waitFor();
    await row(page, 'Autumn parcels').getByRole('link').click();
    await page.waitForURL(`**/batches/${batch._id}`);
    assert.equal(await number(page, 'pending'), '6');
    assert.equal(await page.getByTestId('callback').count(), 0);
    await client.post(`/queues/${QUEUE}/resume`);
    await page.getByTestId('share').getByText('100%').waitFor({ timeout: 60_000 });
    assert.deepEqual([await number(page, 'completed'), await number(page, 'dlq'), await number(page, 'pending')], ['5', '1', '0']);
    const followed = page.getByTestId('callback');
    await followed.getByRole('link', { name: 'Count parcels' }).waitFor();
    assert.equal(await followed.count(), 1, 'onSuccess has no job after a failure');
    await followed.getByRole('link').click();
    await page.getByRole('heading', { name: 'Count parcels' }).waitFor();
  });

  it('leads from a number to the jobs behind it, and from a job to its batch', async () => {
    const { page } = world;
    await page.goto('/batches?status=failed');
    await row(page, 'Autumn parcels').getByRole('link').click();
    await page.getByTestId('jobs-dlq').getByRole('link').click();
    await page.getByRole('link', { name: 'Parcel that fails' }).click();
    await page.getByRole('region', { name: 'Details' }).getByRole('link', { name: /^[0-9a-f]{24}$/ }).first().click();
    await page.getByRole('heading', { name: 'Autumn parcels' }).waitFor();
    await page.getByRole('link', { name: 'All jobs' }).click();
    await page.getByText('6 jobs', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Remove the filter batch/ }).click();
    await waitUntil(() => !new URL(page.url()).searchParams.has('batch'));
  });

  it('cancels a batch after a confirmation', async () => {
    const { page, client } = world;
    const { batch } = await client.post('/batches', { name: 'Late parcels', jobs: jobs(3, { delayS: 7200 }), onComplete: { name: 'Never made' } });
    await page.goto(`/batches/${batch._id}`);
    await page.getByRole('button', { name: 'Cancel' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel this batch' });
    await dialog.getByText('3 queued jobs of “Late parcels”').waitFor();
    await dialog.getByRole('button', { name: 'Back' }).click();
    assert.equal((await client.get(`/batches/${batch._id}`)).batch.status, 'running');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('button', { name: 'Cancel the batch' }).click();
    await page.getByText('Batch cancelled').waitFor();
    await waitUntil(async () => (await number(page, 'cancelled')) === '3', { what: () => 'three cancelled jobs' });
    await page.getByRole('button', { name: 'Cancel' }).waitFor({ state: 'detached' });
    assert.equal(await page.getByTestId('callback').count(), 0);
  });

  it('pages by cursor, there and back, and narrows by state', async () => {
    const { page, client } = world;
    for (let n = 0; n < 52; n += 1) await client.post('/batches', { name: `Many ${n}`, jobs: jobs(1, { delayS: 7200 }) });
    await page.goto('/batches');
    await row(page, 'Many 51').waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await row(page, 'Many 0').waitFor();
    await page.getByRole('button', { name: 'Previous' }).click();
    await row(page, 'Many 51').waitFor();
    await page.getByLabel('Any status').selectOption('Cancelled');
    await row(page, 'Late parcels').waitFor();
    assert.equal(await page.getByTestId('batch').count(), 1);
    assert.equal(new URL(page.url()).searchParams.get('status'), 'cancelled');
    await client.post('/job/actions', { action: 'cancel', filter: { queue: QUEUE } });
  });

  it('says that a batch does not exist, and shows a viewer what may be seen, on a phone', async () => {
    const user = { username: 'Bea', email: 'bea@example.com', password: 'correct horse 9', role: 'viewer' };
    await world.client.post('/members', user);
    const viewer = await openPage(world.browser, world.url, { viewport: PHONE, hasTouch: true, isMobile: true });
    await logIn(viewer, user);
    await viewer.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Batches' }).click();
    await viewer.getByTestId('batch').first().getByRole('link').click();
    await viewer.getByTestId('share').waitFor();
    assert.equal(await viewer.getByRole('button', { name: 'Cancel' }).count(), 0);
    await viewer.goto(`/batches/${'0'.repeat(24)}`);
    await viewer.getByText('This batch does not exist').waitFor();
    assert.deepEqual(viewer.problems, []);
    await viewer.context().close();
  });
}
