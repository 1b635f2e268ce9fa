import assert from 'node:assert/strict';
import { it } from 'node:test';

import { problems } from '../support/axe.mjs';
import { live, openPage, PHONE, row } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

const JOBS = 500;
/** Three ways to fail: a port that nothing listens on, a name that is nowhere, and a task's own error. */
const kinds = [
  (n) => ({ name: `Import ${n}`, queue: 'imports', tags: ['night'], task: 'http_request', payload: { url: `http://127.0.0.1:1/${n % 250}` } }),
  (n) => ({ name: `Call ${n}`, queue: 'calls', task: 'http_request', payload: { url: `https://partner-${n}.example.invalid/`, timeout_s: 2 } }),
  (n) => ({ name: `Mail fail ${n}`, queue: 'mails' }),
];

const params = (page) => Object.fromEntries(new URL(page.url()).searchParams);
const group = (page, text) => page.getByTestId('dlq-group').filter({ hasText: text });
const counted = (page, text) => page.getByRole('navigation', { name: 'Pages' }).getByText(text, { exact: true }).waitFor();
const dead = async (world, query) => (await world.client.get(`/dlq?limit=1&count=true&${query}`)).total;

async function confirm(page, title, button) {
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** 500 dead jobs of three kinds, on a large screen and a phone. */
export function incident(world) {
  it('has an incident', async () => {
    const jobs = Array.from({ length: JOBS }, (_, n) => ({ ...kinds[n % 5 < 3 ? 0 : (n % 5) - 2](n), maxRetries: 0 }));
    await world.client.post('/job/bulk', { jobs });
    const ended = async () => (await dead(world, 'queue=imports')) === 300 && (await dead(world, 'queue=mails')) === 100 && (await dead(world, 'queue=calls')) === 100;
    await waitUntil(ended, { ms: 240_000, what: () => '500 dead jobs' });
  });

  it('finds by words of the error, filters by queue, and sorts by when jobs failed', async () => {
    const { page } = world;
    await page.goto('/dlq');
    await live(page);
    await group(page, 'simulated').first().waitFor();
    const [sample] = (await world.client.get('/dlq?queue=imports&limit=1')).jobs;
    const word = sample.error.message.split(/\W+/).find((part) => part.length > 6);
    await page.getByLabel('Search jobs').fill(word);
    await page.waitForURL('**/dlq?q=*');
    const rows = page.locator('[data-job]');
    await waitUntil(async () => (await rows.count()) > 0 && (await rows.count()) === (await rows.filter({ hasText: 'imports' }).count()), { what: () => 'the imports alone' });
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByLabel('Any queue').selectOption('imports');
    await counted(page, '50 of 300 jobs');
    await page.getByLabel('Order').selectOption('Failed longest ago');
    await waitUntil(() => params(page).sort === 'finished');
    const [first] = (await world.client.get('/dlq?queue=imports&sort=finished&limit=1')).jobs;
    await waitUntil(async () => (await page.locator('[data-job]').first().getAttribute('data-job')) === first._id, { what: () => 'the first failed' });
    await page.getByRole('button', { name: 'Next' }).click();
    await row(page, first.name).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Previous' }).click();
    await row(page, first.name).waitFor();
    await page.getByLabel('Any tag').selectOption('night');
    await waitUntil(() => params(page).tag === 'night');
  });

  it('finds dead letters by a field of the payload, and acts on those that are selected', async () => {
    const { page } = world;
    await page.goto('/dlq?queue=imports');
    const field = page.getByLabel('Field of the payload');
    await field.focus();
    await waitUntil(async () => (await page.locator('datalist option[value="url="]').count()) > 0, { what: () => 'suggested paths' });
    await field.fill('url=http://127.0.0.1:1/6');
    await field.press('Enter');
    await waitUntil(() => params(page).payload === 'url=http://127.0.0.1:1/6');
    await page.getByText('Looked into 300 payloads for this page; there are no others.').waitFor();
    const rows = page.locator('[data-job]');
    await waitUntil(async () => (await rows.count()) === 2, { what: () => 'the two jobs with this payload' });
    assert.equal(await page.getByRole('button', { name: /^(Redrive|Delete) (all|everything)/ }).count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Compare payloads' }).count(), 0);
    assert.deepEqual(await problems(page, 'dead letters by their payload'), []);
    await page.getByLabel('Select all on this page').check();
    await page.getByRole('button', { name: 'Delete selected' }).click();
    await page.getByRole('dialog').getByText('2 failed jobs').waitFor();
    await page.keyboard.press('Escape');
    await field.fill('url~nothing like this');
    await field.press('Enter');
    await page.getByText('No failed jobs match').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await waitUntil(() => params(page).payload === undefined);
  });

  it('compares the payloads of an error: what they share, and where they differ', async () => {
    const { page } = world;
    await page.goto('/dlq?queue=imports');
    await page.getByRole('button', { name: 'Compare payloads' }).click();
    const dialog = page.getByRole('dialog', { name: 'Compare payloads' });
    await dialog.getByText('The newest 200 payloads of those that match.').waitFor();
    const url = dialog.getByTestId('compared-field').filter({ hasText: 'url' });
    await url.getByText(/^\d+ more$/).waitFor();
    assert.equal(await url.getByTestId('compared-value').count(), 10);
    assert.deepEqual(await problems(page, 'the comparison'), []);
    await url.getByRole('link').first().click();
    await page.getByRole('region', { name: 'Details' }).getByText('Kept until').waitFor();
  });

  it('deletes what is selected, and redrives a kind of error', async () => {
    const { page } = world;
    await page.goto('/dlq?queue=mails');
    await page.getByLabel('Select all on this page').check();
    await page.getByText('50 jobs selected').waitFor();
    await page.getByRole('button', { name: 'Delete selected' }).click();
    await confirm(page, 'Delete jobs', 'Delete 50 jobs');
    await page.getByText('50 jobs deleted').waitFor();
    await counted(page, '50 jobs');
    await page.getByRole('button', { name: 'Redrive everything that matches' }).click();
    await confirm(page, 'Redrive jobs', 'Redrive 50 jobs');
    await page.getByText('50 jobs queued again').waitFor();
  });

  it('says first on a phone what is wrong, how much of it, since when, and what to press', async () => {
    const page = await openPage(world.browser, world.url, { viewport: PHONE, hasTouch: true, isMobile: true, storageState: world.storage });
    await world.client.post('/queues/held/pause');
    await world.client.create({ name: 'Held up', queue: 'held' });
    await page.goto('/');
    await live(page);
    const trouble = page.getByTestId('trouble');
    await trouble.getByText(/^\d+ jobs failed in the last hour$/).waitFor();
    await trouble.getByText(/^Since \d\d:\d\d:\d\d\. Most frequent error in dead letters: \S+, \d+ jobs\.$/).waitFor();
    await trouble.getByText('Queue held is paused').waitFor();
    await trouble.getByText(/^1 job is pending, the oldest for /).waitFor();
    assert.ok(await trouble.evaluate((card) => document.querySelector('main .card') === card), 'another card comes first');
    const press = trouble.getByRole('link', { name: 'See what failed' });
    const { y, height } = await press.boundingBox();
    assert.ok(y + height < PHONE.height / 2, `the link is at ${y} px`);
    await press.click();
    await page.waitForURL('**/dlq');
    const groups = page.getByRole('region', { name: 'What went wrong' });
    await groups.getByTestId('dlq-group').first().waitFor();
    assert.ok(await groups.evaluate((card) => document.querySelector('main .card') === card), 'the errors do not come first');
    await page.locator('[data-job] a').first().click();
    const error = page.getByRole('region', { name: 'Error' });
    await error.waitFor();
    assert.ok(await error.evaluate((card) => document.querySelector('main .card') === card), 'the error does not come first');
    await page.getByRole('button', { name: 'Edit and redrive' }).waitFor();
    await page.goto('/queues');
    const first = page.getByTestId('queue').first();
    await first.getByRole('heading', { name: 'held' }).waitFor();
    await first.getByRole('button', { name: 'Resume held' }).click();
    await page.getByText('Queue held resumed').waitFor();
    await page.context().close();
  });

  it('does the same on a phone', async () => {
    const page = await openPage(world.browser, world.url, { viewport: PHONE, hasTouch: true, isMobile: true, storageState: world.storage });
    await page.goto('/dlq');
    await live(page);
    const filters = page.getByRole('button', { name: /^Filters/ });
    await filters.click();
    await page.getByLabel('Any queue').selectOption('imports');
    await counted(page, '50 of 300 jobs');
    await page.getByLabel('Order').selectOption('Failed longest ago');
    await waitUntil(() => params(page).sort === 'finished');
    await page.getByRole('button', { name: 'Filters (1)' }).click();
    await page.getByLabel('Search jobs').fill('import 17');
    await page.waitForURL('**q=import*17*');
    await row(page, 'Import 17').getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Delete selected' }).click();
    await confirm(page, 'Delete jobs', 'Delete 1 job');
    await page.getByText('1 job deleted').waitFor();
    await row(page, 'Import 170').getByRole('button', { name: 'Redrive Import 170', exact: true }).click();
    await confirm(page, 'Redrive jobs', 'Redrive 1 job');
    await row(page, 'Import 171').getByRole('button', { name: 'Edit and redrive Import 171' }).click();
    await page.getByRole('dialog', { name: 'Edit and redrive' }).waitFor();
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= PHONE.width);
    assert.deepEqual(page.problems, []);
    await page.context().close();
    for (const queue of ['imports', 'calls', 'mails']) await world.client.post('/dlq/delete', { filter: { queue } });
  });
}
