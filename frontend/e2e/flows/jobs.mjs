import assert from 'node:assert/strict';
import { it } from 'node:test';

import { problems } from '../support/axe.mjs';
import { live, row } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

const shows = (page, name, status) => row(page, name).getByText(status, { exact: true }).waitFor();

async function createJob(page, name, change = async () => undefined) {
  await page.getByRole('button', { name: 'New job' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New job' });
  await dialog.getByText('simulated', { exact: true }).click();
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await change(dialog);
  await dialog.getByRole('button', { name: 'Create job' }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** The life of a job, as one watches it. */
export function jobs(world) {
  it('creates a job and watches it to completed, without reloading', async () => {
    const { page } = world;
    await page.goto('/');
    await live(page);
    await createJob(page, 'Happy path');
    await shows(page, 'Happy path', 'Completed');
    assert.equal(await row(page, 'Happy path').count(), 1);
    await row(page, 'Happy path').getByRole('link').click();
    await page.getByRole('heading', { name: 'Happy path' }).waitFor();
    await page.getByRole('region', { name: 'Attempts' }).getByText('Completed').waitFor();
    await page.getByTestId('trace-id').waitFor();
  });

  it('shows progress and log lines while a job runs', async () => {
    const { page } = world;
    const { _id } = await world.client.create({ name: 'Watched', task: 'simulated', delayS: 3600 });
    await page.goto(`/jobs/${_id}`);
    await live(page);
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByRole('progressbar', { name: 'Progress' }).waitFor();
    await page.getByTestId('logs').getByText('simulating').waitFor();
    await page.getByRole('region', { name: 'Attempts' }).getByText('Completed').waitFor();
    await page.getByRole('main').getByText('Completed', { exact: true }).first().waitFor();
  });

  it('refuses a payload that does not fit the schema of its task', async () => {
    const { page } = world;
    await page.goto('/?new=http_request');
    const dialog = page.getByRole('dialog', { name: 'New job' });
    const payload = dialog.getByLabel('Payload');
    const create = dialog.getByRole('button', { name: 'Create job' });
    await payload.fill('{"url": ');
    await dialog.getByText('Not JSON').waitFor();
    assert.ok(await create.isDisabled());
    await payload.fill('{"url": "ftp://example.com"}');
    await dialog.getByText(/^url: /).waitFor();
    await payload.fill('{"url": "https://example.com/"}');
    await dialog.getByText('Matches the task’s schema').waitFor();
    assert.ok(await create.isEnabled());
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('watches a job fail to the DLQ, and redrives it with the count confirmed', async () => {
    const { page } = world;
    await page.goto('/');
    await live(page);
    await createJob(page, 'Sure to fail', (dialog) => dialog.getByLabel('Retries').fill('1'));
    await shows(page, 'Sure to fail', 'Failed');
    await page.goto('/dlq');
    await page.getByTestId('dlq-group').first().click();
    await page.waitForURL('**/dlq?group=*');
    await page.getByRole('button', { name: 'Redrive the group' }).click();
    const dialog = page.getByRole('dialog', { name: 'Redrive jobs' });
    await dialog.getByText('1 failed job').waitFor();
    await dialog.getByRole('button', { name: 'Redrive 1 job' }).click();
    await page.getByText('1 job queued again').waitFor();
    // It fails again, in a new series of attempts.
    await page.goto('/');
    await row(page, 'Sure to fail').getByRole('link').click();
    await page.getByText('1 ×').waitFor();
    await page.getByRole('main').getByText('Attempt 4').waitFor();
    await page.getByRole('region', { name: 'Error' }).getByText('Traceback', { exact: true }).waitFor();
  });

  it('redrives one job with a corrected payload', async () => {
    const { page } = world;
    await page.getByRole('button', { name: 'Edit and redrive' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit and redrive' });
    await dialog.getByLabel('Payload').fill('{"corrected": true}');
    await dialog.getByRole('button', { name: 'Redrive with this payload' }).click();
    await page.getByText('2 ×').waitFor();
    await page.getByRole('region', { name: 'Payload' }).getByText('"corrected"').first().waitFor();
  });

  it('keeps numbers that no double holds, shows what each attempt ran with, and undoes fast typing', async () => {
    const { page } = world;
    const body = JSON.stringify({ name: 'Exact fail', maxRetries: 0, payload: { account: 'ID', rate: 'RATE', note: 'a' } }).replace('"ID"', '9007199254740993').replace('"RATE"', '1.0');
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${world.client.jwt}` };
    const { job } = await (await fetch(`${world.url}/api/job/create`, { method: 'POST', headers, body })).json();
    const raw = async () => (await fetch(`${world.url}/api/job/${job._id}`, { headers })).text();
    await waitUntil(async () => (await world.client.statusOf(job._id)) === 'dlq', { what: () => 'the job to fail' });
    await page.goto(`/jobs/${job._id}`);
    const panel = page.getByRole('region', { name: 'Payload' }).first();
    await panel.getByText('9007199254740993').waitFor();
    await page.getByRole('button', { name: 'Edit and redrive' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit and redrive' });
    const editor = dialog.getByTestId('editor').getByLabel('Payload');
    await editor.fill('{"account": 1, "account": 2}');
    await dialog.getByText('“account” appears twice in the same object').waitFor();
    await editor.press('Control+z');
    await dialog.getByText('9007199254740993').waitFor();
    await editor.press('Control+End');
    await page.keyboard.type('\n\n\nxyz');
    await dialog.getByText('Not JSON').waitFor();
    for (let n = 0; n < 9 && (await dialog.getByText('Not JSON').count()) > 0; n += 1) await page.keyboard.press('Control+z');
    await editor.fill('{"account": 9007199254740993, "rate": 1.0, "note": "edited"}');
    await dialog.getByRole('button', { name: 'Redrive with this payload' }).click();
    await dialog.waitFor({ state: 'detached' });
    await panel.getByText('"edited"').waitFor();
    assert.match(await raw(), /"payload":\{"account":9007199254740993,"rate":1\.0,"note":"edited"\}/);
    await panel.getByLabel('Payload of which attempts').selectOption({ label: 'Attempt 1' });
    await panel.getByText('"a"').waitFor();
    await page.getByText('edited payload from here').waitFor();
  });

  it('replays a completed job with another payload, and leads from one to the other', async () => {
    const { page } = world;
    const { _id } = await world.client.create({ name: 'Run me twice', payload: { account: 1 } });
    await waitUntil(async () => (await world.client.statusOf(_id)) === 'completed', { what: () => 'the job to complete' });
    await page.goto(`/jobs/${_id}`);
    await page.getByRole('button', { name: 'Replay' }).click();
    const dialog = page.getByRole('dialog', { name: 'Replay' });
    const create = dialog.getByRole('button', { name: 'Create job' });
    const editor = dialog.getByTestId('editor').getByLabel('Payload');
    await dialog.getByText('"account"').waitFor();
    await editor.fill('{"account": ');
    await dialog.getByText('Not JSON').waitFor();
    assert.equal(await create.isDisabled(), true);
    await editor.fill('{"account": 9007199254740993}');
    await dialog.getByLabel('Name').fill('Ran twice');
    assert.deepEqual(await problems(page, 'the replay dialog'), []);
    await create.click();
    await page.getByRole('heading', { name: 'Ran twice' }).waitFor();
    await page.getByRole('region', { name: 'Payload' }).getByText('9007199254740993').waitFor();
    await page.getByTestId('origin').getByRole('link', { name: 'Run me twice' }).click();
    await page.getByTestId('replay').getByRole('link', { name: 'Ran twice' }).waitFor();
    await page.getByRole('region', { name: 'Payload' }).getByText('"account"').waitFor();
  });

  it('finds a job by a field of its payload, suggests paths, and says how far it looked', async () => {
    const { page } = world;
    const made = ['a', 'b', 'c'].map((sku, n) => ({ name: `Sold ${sku}`, tags: ['sold'], delayS: 3600, payload: { order: { sku, number: 100 + n } } }));
    await world.client.post('/job/bulk', { jobs: made });
    await page.goto('/?tag=sold');
    const field = page.getByRole('combobox', { name: 'Field of the payload' });
    await field.focus();
    await waitUntil(async () => (await page.locator('datalist option[value="order.sku="]').count()) === 1, { what: () => 'the suggestion' });
    await field.fill('order.sku=b');
    await field.press('Enter');
    await page.waitForURL('**/?*payload=order.sku*');
    await page.getByText('Looked into 3 payloads for this page; there are no others.').waitFor();
    await row(page, 'Sold b').waitFor();
    await waitUntil(async () => (await page.locator('[data-job]').count()) === 1, { what: () => 'the other rows to go' });
    assert.equal(await page.getByRole('button', { name: 'Export jobs' }).count(), 0, 'an export takes no such condition');
    assert.deepEqual(await problems(page, 'the list by payload'), []);
    await field.fill('order.number=999');
    await field.press('Enter');
    await page.getByText('No jobs match').waitFor();
    await field.fill('');
    await field.press('Enter');
    await row(page, 'Sold a').waitFor();
  });

  it('runs a scheduled job ahead of its time', async () => {
    const { page } = world;
    const { _id } = await world.client.create({ name: 'Ahead of its time', delayS: 3600 });
    await page.goto(`/jobs/${_id}`);
    await page.getByText(/^Due in (59 min|1 h)/).waitFor();
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByRole('region', { name: 'Attempts' }).getByText('Completed').waitFor();
  });

  it('leads from a job to all that its request made, and shows the condition', async () => {
    const { page } = world;
    const { jobs } = await world.client.post('/job/bulk', { jobs: [{ name: 'Of one request', delayS: 3600, tags: ['pair'] }, { name: 'Of the same request', delayS: 3600 }] });
    await page.goto(`/jobs/${jobs[0]._id}`);
    await page.getByTestId('trace-id').click();
    await page.waitForURL(`**/?trace=${jobs[0].traceId}`);
    await row(page, 'Of the same request').waitFor();
    assert.equal(await page.locator('[data-job]').count(), 2);
    await row(page, 'Of one request').getByRole('link').click();
    await page.getByRole('link', { name: 'pair' }).click();
    await page.waitForURL('**/?tag=pair');
    await row(page, 'Of one request').waitFor();
    await page.getByRole('button', { name: 'Remove the filter tag pair' }).click();
    await page.waitForURL((url) => url.search === '');
    await world.client.post('/job/actions', { action: 'cancel', filter: { trace: jobs[0].traceId } });
  });

  it('searches within a group of dead jobs, and redrives just what it found', async () => {
    const { page } = world;
    const names = ['Broken fail cat', 'Broken fail dog'];
    const { jobs } = await world.client.post('/job/bulk', { jobs: names.map((name) => ({ name, maxRetries: 0 })) });
    for (const { _id } of jobs) await waitUntil(async () => (await world.client.statusOf(_id)) === 'dlq', { what: () => 'the job to fail' });
    const [group] = (await world.client.get('/dlq/groups')).groups;
    await page.goto(`/dlq?group=${group.group}`);
    await page.getByRole('button', { name: `Remove the filter error ${group.type}` }).waitFor();
    await row(page, 'Broken fail dog').waitFor();
    await page.getByLabel('Search').fill('cat');
    await page.waitForURL('**/dlq?group=*&q=cat');
    await row(page, 'Broken fail dog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Redrive everything that matches' }).click();
    await page.getByRole('dialog', { name: 'Redrive jobs' }).getByText('1 failed job').waitFor();
    await page.keyboard.press('Escape');
  });

  it('cancels a waiting job', async () => {
    const { page } = world;
    await page.goto('/');
    await live(page);
    await createJob(page, 'For later', (dialog) => dialog.getByLabel('Delay in seconds').fill('3600'));
    await shows(page, 'For later', 'Scheduled');
    await row(page, 'For later').getByRole('link').click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('main').getByText('Cancelled', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL((url) => url.pathname === '/');
    await row(page, 'For later').waitFor({ state: 'detached' });
  });
}
