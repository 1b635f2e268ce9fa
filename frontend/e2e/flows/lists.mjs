import assert from 'node:assert/strict';
import { it } from 'node:test';

import { live, openPage, PHONE, row } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

const params = (page) => Object.fromEntries(new URL(page.url()).searchParams);
const ids = (page) => page.locator('[data-job]').evaluateAll((rows) => rows.map((one) => one.dataset.job));

/** Search, filter, order, pages and bulk actions. */
export function lists(world) {
  it('has jobs to list', async () => {
    const later = Array.from({ length: 120 }, (_, n) => ({ name: `Listed ${n}`, delayS: 7200, tags: n % 2 ? ['odd'] : [], queue: n < 60 ? 'left' : 'right' }));
    await world.client.post('/job/bulk', { jobs: later });
    await world.client.post('/job/bulk', { jobs: [{ name: 'Needle in the hay', delayS: 7200, queue: 'right' }] });
  });

  it('searches on the server as one types', async () => {
    const { page } = world;
    await page.goto('/');
    await live(page);
    await row(page, 'Needle in the hay').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('needle');
    await page.waitForURL('**/?q=needle');
    await waitUntil(async () => (await ids(page)).length === 1, { what: () => 'one row' });
    await page.keyboard.press('Escape'); // empties the field, as in any search field
    await waitUntil(async () => (await ids(page)).length > 1, { what: () => 'all rows' });
    assert.equal(params(page).q, undefined);
    await page.getByLabel('Search jobs').fill('needle');
    await page.waitForURL('**/?q=needle');
    await page.getByRole('button', { name: 'Clear' }).click();
    await waitUntil(() => params(page).q === undefined);
  });

  it('filters by card, queue and tag link, and keeps it in the URL', async () => {
    const { page } = world;
    await page.goto('/');
    await page.getByTestId('card-pending').click();
    assert.equal(params(page).status, 'blocked,scheduled,pending,retrying,waiting');
    await page.getByLabel('Any queue').selectOption('left');
    await waitUntil(() => params(page).queue === 'left');
    await page.getByRole('table', { name: 'Jobs' }).getByText('right', { exact: true }).first().waitFor({ state: 'detached' });
    await page.reload();
    assert.equal(await page.getByTestId('card-pending').getAttribute('aria-pressed'), 'true');
    await page.getByTestId('card-failed').click();
    await page.getByText('No jobs match').waitFor();
  });

  it('pages by cursor, there and back, in both orders', async () => {
    const { page } = world;
    await page.goto('/?status=scheduled');
    await page.locator('[data-job]').first().waitFor();
    const first = await ids(page);
    await page.getByRole('button', { name: 'Next' }).click();
    await waitUntil(() => params(page).cursor !== undefined);
    await waitUntil(async () => { const now = await ids(page); return now.length > 0 && !now.includes(first[0]); }, { what: () => 'the second page' });
    await page.getByRole('button', { name: 'Previous' }).click();
    await waitUntil(async () => (await ids(page))[0] === first[0], { what: () => 'the first page' });
    await page.getByLabel('Order').selectOption('Oldest first');
    await waitUntil(() => params(page).sort === 'created');
    await page.getByRole('link', { name: 'Listed 0', exact: true }).waitFor();
  });

  it('shows several states at once, with how many jobs there are', async () => {
    const { page } = world;
    await page.goto('/?queue=right');
    await page.getByText('50 of 61 jobs').waitFor();
    const states = page.getByRole('group', { name: 'Status' });
    await states.getByRole('button', { name: 'Completed' }).click();
    await page.getByText('No jobs match').waitFor();
    await states.getByRole('button', { name: 'Scheduled' }).click();
    await page.getByText('50 of 61 jobs').waitFor();
    assert.equal(params(page).status, 'scheduled,completed');
  });

  it('finds a job by its pasted id, and says what is wrong with a search', async () => {
    const { page } = world;
    const [needle] = (await world.client.get('/job?q=needle&limit=1')).jobs;
    await page.goto('/');
    await page.getByLabel('Search jobs').fill(` ${needle._id} `);
    await waitUntil(async () => (await ids(page)).join() === needle._id, { what: () => 'the job alone' });
    await page.getByLabel('Search jobs').fill('---');
    await page.getByText('a letter or a digit').waitFor();
  });

  it('shows a chosen time whole, and none that is no time', async () => {
    const { page } = world;
    await page.goto('/?from=yesterday');
    await page.locator('[data-job]').first().waitFor();
    assert.equal(await page.getByText('Invalid Date').count(), 0);
    await page.getByLabel('Created any time').selectOption('From … to …');
    await page.getByLabel('From', { exact: true }).fill('2026-01-02T03:04');
    await page.waitForURL('**/?from=2026-01-02T03*');
    await page.getByLabel('To', { exact: true }).fill('2030-11-25T13:20');
    await page.waitForURL('**/?from=2026-01-02T03*&to=2030-11-25T13*');
    await page.reload();
    const pick = page.getByLabel('Created any time');
    assert.equal(await pick.locator('option:checked').innerText(), '2 Jan, 03:04 to 25 Nov, 13:20');
    // What is cut off is wider than its box.
    assert.ok(await pick.evaluate((select) => { const probe = document.createElement('span'); probe.style.font = getComputedStyle(select).font; probe.style.position = 'fixed'; probe.textContent = select.selectedOptions[0].text; document.body.append(probe); const fits = probe.offsetWidth + 38 <= select.offsetWidth; probe.remove(); return fits; }));
  });

  it('renders only the rows in view', async () => {
    const { page } = world;
    await page.goto('/?status=scheduled&limit=200');
    await page.getByText('121 jobs', { exact: true }).waitFor();
    assert.ok((await ids(page)).length < 60);
    await page.keyboard.press('End');
    await page.getByRole('link', { name: 'Listed 0', exact: true }).waitFor();
  });

  it('acts on everything that matches after confirming the count', async () => {
    const { page } = world;
    await page.goto('/?status=scheduled&queue=left');
    await page.locator('[data-job]').first().waitFor();
    await page.getByLabel('Select all on this page').check();
    await page.getByRole('button', { name: 'Select everything that matches' }).click();
    await page.getByRole('toolbar', { name: 'Selected jobs' }).getByRole('button', { name: 'Cancel' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel jobs' });
    await dialog.getByText('60 jobs').first().waitFor();
    await dialog.getByRole('button', { name: 'Cancel 60 jobs' }).click();
    await page.getByText('60 jobs cancelled').waitFor();
    await page.getByText('No jobs match').waitFor();
  });

  it('selects rows with a finger, and acts on them, on a phone', async () => {
    const page = await openPage(world.browser, world.url, { viewport: PHONE, hasTouch: true, isMobile: true, storageState: world.storage });
    await page.goto('/?status=scheduled&queue=right');
    await live(page);
    const box = page.getByLabel('Select Listed 119', { exact: true });
    await box.waitFor();
    const target = await box.locator('..').boundingBox();
    assert.ok(target.width >= 40 && target.height >= 40, `${target.width} × ${target.height} px for a finger`);
    await box.locator('..').tap({ position: { x: 6, y: 6 } });
    await page.getByText('1 job selected').waitFor();
    await page.getByRole('button', { name: 'Select all 50 here' }).tap();
    await page.getByText('50 jobs selected').waitFor();
    await box.tap();
    await page.getByText('49 jobs selected').waitFor();
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= PHONE.width);
    await page.getByRole('button', { name: 'Clear the selection' }).tap();
    await box.tap();
    await page.getByRole('toolbar', { name: 'Selected jobs' }).getByRole('button', { name: 'Cancel', exact: true }).tap();
    const dialog = page.getByRole('dialog', { name: 'Cancel jobs' });
    await dialog.getByRole('button', { name: 'Cancel 1 job' }).tap();
    await page.getByText('1 job cancelled').waitFor();
    // its row may stay while one works in the list
    await waitUntil(async () => (await world.client.get('/job?q=listed+119&status=cancelled&limit=1')).jobs.length === 1, { what: () => 'the job to be cancelled' });
    await row(page, 'Listed 118').getByRole('link').tap();
    await page.getByRole('heading', { name: 'Listed 118' }).waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  it('walks the rows by keyboard', async () => {
    const { page } = world;
    await page.goto('/?status=scheduled');
    await page.locator('[data-job]').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('1 job selected').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/jobs/*');
  });
}
