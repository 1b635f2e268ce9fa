import assert from 'node:assert/strict';
import { it } from 'node:test';

import { problems, settled } from '../support/axe.mjs';
import { live, logIn, openPage, PHONE, row } from '../support/browser.mjs';
import { focusIs } from '../support/focus.mjs';
import { waitUntil } from '../support/wait.mjs';

const TASK = 'simulated_order';
const QUEUE = 'orders';
const MANY = 9_990;
const LATE = { ms: 120_000 };

/** Durable jobs: their steps, what they wait for, events, redrives from a step. */
export function steps(world) {
  const order = (name, payload, more = {}) => world.client.create({ name, task: TASK, queue: QUEUE, payload: { seconds: 0.05, ...payload }, ...more });
  const reaches = (job, status, more = {}) => waitUntil(async () => (await world.client.statusOf(job._id)) === status, { ms: 60_000, what: () => `${job.name} to be ${status}`, ...more });
  const stepOf = (page, name) => page.locator(`[data-step="${name}"]`);
  const details = (page, name) => stepOf(page, name).getByTestId('step-details');

  it('has durable jobs in several states', async () => {
    world.many = await order('Many parts', { parts: MANY, seconds: 0, approval: true });
    world.waiting = await order('Order to approve', { approval: true, approval_s: 7200, invoice: true });
    world.asleep = await order('Order that cools', { pause_s: 7200 });
    world.dozing = await order('Order that cools a while', { pause_s: 1800 });
    world.broken = await order('Order that fails', { fail_at: 'ship' });
    await Promise.all([reaches(world.waiting, 'waiting'), reaches(world.asleep, 'waiting'), reaches(world.dozing, 'waiting'), reaches(world.broken, 'dlq')]);
  });

  it('shows waiting jobs as a state of their own in lists, filters, cards, queues and the palette', async () => {
    const { page } = world;
    await page.goto(`/?queue=${QUEUE}`);
    await row(page, 'Order to approve').getByText('Waits for event approval').waitFor();
    await row(page, 'Order that cools').getByText(/^Waits until \d/).waitFor();
    await row(page, 'Order that cools').getByText('Waiting', { exact: true }).waitFor();
    await page.getByRole('group', { name: 'Status' }).getByRole('button', { name: 'Waiting' }).click();
    await page.waitForURL('**status=waiting*');
    await row(page, 'Order to approve').waitFor();
    await row(page, 'Order that fails').waitFor({ state: 'detached' });
    await page.goto(`/?queue=${QUEUE}`);
    await page.getByTestId('card-pending').click();
    await row(page, 'Order that cools').waitFor();
    await page.goto('/queues');
    const card = page.getByTestId('queue').filter({ has: page.getByRole('link', { name: QUEUE, exact: true }) });
    await waitUntil(async () => Number(await card.locator('dt', { hasText: 'Waiting' }).locator('xpath=../dd').innerText()) >= 2, { what: () => 'two waiting jobs on the card of the queue' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('show waiting');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/?status=waiting*');
  });

  it('shows the steps to scale, what it waits for, and takes its event without a reload', async () => {
    const { page, client } = world;
    await page.goto(`/jobs/${world.waiting._id}`);
    await live(page);
    await page.evaluate(() => { window.notReloaded = true; });
    const list = page.getByRole('list', { name: 'Steps' });
    for (const [name, kind, state] of [['reserve', 'Step', 'Completed'], ['pack[2]', 'Map item', 'Completed'], ['approval', 'Event', 'Waiting']]) {
      await list.locator(`[data-step="${name}"]`).getByText(kind, { exact: true }).first().waitFor();
      await list.locator(`[data-step="${name}"]`).getByText(state, { exact: true }).waitFor();
    }
    const widths = await page.getByTestId('step-bar').evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
    assert.ok(widths.at(-1) > widths[0], 'the long wait is drawn longer than a step');
    const waits = page.getByRole('region', { name: 'Waiting for' });
    await waits.getByText(/^\s*\(in 1 h 59 min\)$|^\s*\(in 2 h\)$/).waitFor();
    await waits.getByRole('button', { name: 'Send event approval' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send event' });
    const [name, body, send] = [dialog.getByLabel('Name'), dialog.getByTestId('editor').getByLabel('Body'), dialog.getByRole('button', { name: 'Send event' })];
    assert.equal(await name.inputValue(), 'approval');
    await body.fill('{"approved": ');
    await dialog.getByText('Not JSON').waitFor();
    assert.ok(await send.isDisabled());
    await body.fill('{"approved": true, "by": 9007199254740993}');
    await name.fill('not/allowed');
    await send.click();
    await dialog.getByRole('alert').getByText('A name has up to 64 letters').waitFor();

    await name.fill('approval');
    await page.route('**/api/job/*/events/*', (route) => route.abort());
    await send.click();
    await dialog.getByRole('alert').getByText('The API can’t be reached').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.unrouteAll();
    await client.post(`/job/${world.waiting._id}/events/misspelt`, { a: 1 });
    await waits.getByRole('button', { name: 'Send event approval' }).press('Enter');
    await dialog.getByText('9007199254740993').waitFor();
    await send.click();
    await dialog.waitFor({ state: 'detached' });
    await stepOf(page, 'ship').getByText('Completed').waitFor({ timeout: 60_000 });
    await page.getByRole('region', { name: 'Result' }).getByText('9007199254740993').waitFor();
    const events = page.getByRole('list', { name: 'Events' });
    await events.getByTestId('event').filter({ hasText: 'approval' }).getByText('Taken by approval').waitFor();
    await events.getByTestId('event').filter({ hasText: 'misspelt' }).getByText('Came too late').waitFor();
    await stepOf(page, 'invoice').locator('summary').click();
    const job = await details(page, 'invoice').getByRole('link').innerText();
    assert.equal((await client.get(`/job/${job}`)).job.task, 'simulated_mail');
    await details(page, 'invoice').getByTestId('step-result').getByText('"orders"').waitFor();
    await stepOf(page, 'approval').locator('summary').click();
    await details(page, 'approval').getByRole('region', { name: 'Result of approval as JSON' }).getByText('9007199254740993').waitFor();
    assert.equal(await page.evaluate(() => window.notReloaded), true);
  });

  it('counts down without a word to screen readers', async () => {
    const { page } = world;
    await page.goto(`/jobs/${world.dozing._id}`); // below an hour it shows seconds
    const countdown = page.getByTestId('waits').getByTestId('countdown');
    const first = await countdown.innerText();
    await waitUntil(async () => (await countdown.innerText()) !== first, { what: () => 'the countdown to move' });
    assert.equal(await countdown.evaluate((element) => element.ariaHidden === 'true' && element.closest('[aria-live], [role=status], [role=log], [role=timer], [role=alert]') === null), true);
    await page.getByTestId('waits').getByText('A time:').waitFor();
    await world.client.post(`/job/${world.dozing._id}/cancel`);
  });

  it('opens a step by the keyboard, and skips them all', async () => {
    const { page } = world;
    await page.goto(`/jobs/${world.broken._id}`);
    const summary = stepOf(page, 'ship').locator('summary');
    await summary.focus();
    await page.keyboard.press('Enter');
    await details(page, 'ship').getByTestId('step-error').getByText('SimulatedStepFailure', { exact: true }).waitFor();
    await details(page, 'ship').getByRole('region', { name: 'Traceback of ship' }).getByText('simulated failure of step').first().waitFor();
    await focusIs(page, summary);
    await page.keyboard.press('Enter');
    await details(page, 'ship').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Skip the steps' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.closest('section[aria-label=Steps]')), null);
  });

  it('redrives from a step, which keeps what began before it as copies', async () => {
    const { page, client } = world;
    await page.goto(`/jobs/${world.broken._id}`);
    await stepOf(page, 'ship').locator('summary').click();
    await details(page, 'ship').getByRole('button', { name: 'Redrive from here' }).click();
    const dialog = page.getByRole('dialog', { name: 'Redrive' });
    assert.equal(await dialog.getByLabel('Step', { exact: true }).inputValue(), 'ship');
    assert.ok(await dialog.getByLabel('From a step').isChecked());
    await dialog.getByLabel('Step', { exact: true }).fill('shop');
    await dialog.getByRole('button', { name: 'Redrive from this step' }).click();
    await dialog.getByRole('alert').getByText("The job has recorded no step 'shop'").waitFor();
    await dialog.getByLabel('Step', { exact: true }).fill('pack[0]');
    await dialog.getByRole('button', { name: 'Redrive from this step' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('region', { name: 'Details' }).getByText('1 ×').waitFor();
    await stepOf(page, 'ship').getByText('Failed').waitFor({ timeout: 60_000 });
    await stepOf(page, 'reserve').getByText('Copy', { exact: true }).waitFor();
    await page.getByTestId('copies').waitFor();
    assert.equal(await stepOf(page, 'pack[0]').getByText('Copy', { exact: true }).count(), 0);
    const { attempts } = (await client.get(`/job/${world.broken._id}`)).job;
    assert.equal(attempts.length, 2);
  });

  it('redrives what did not complete, or everything with another payload', async () => {
    const { page } = world;
    await reaches(world.broken, 'dlq');
    await page.goto(`/jobs/${world.broken._id}`);
    await page.getByRole('button', { name: 'Redrive from a step' }).click();
    const dialog = page.getByRole('dialog', { name: 'Redrive' });
    await dialog.getByLabel('What did not complete').check();
    await dialog.getByRole('button', { name: 'Redrive', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('region', { name: 'Details' }).getByText('2 ×').waitFor();
    await stepOf(page, 'pack[0]').getByText('Copy', { exact: true }).waitFor({ timeout: 60_000 });
    await reaches(world.broken, 'dlq');
    await page.getByRole('button', { name: 'Redrive from a step' }).click();
    await dialog.getByLabel('Everything, with this payload').check();
    await dialog.getByTestId('editor').getByLabel('Payload').fill('{"seconds": 0, "parts": 1}');
    await dialog.getByRole('button', { name: 'Redrive with this payload' }).click();
    await dialog.waitFor({ state: 'detached' });
    await stepOf(page, 'ship').getByText('Completed').waitFor({ timeout: 60_000 });
    assert.equal(await page.getByTestId('copies').count(), 0);
    assert.deepEqual(await page.getByTestId('step').evaluateAll((found) => found.map(({ dataset }) => dataset.step)), ['reserve', 'pack[0]', 'ship']);
  });

  it('stays usable with 10,000 steps', async () => {
    const { page } = world;
    await reaches(world.many, 'waiting', LATE);
    await page.goto(`/jobs/${world.many._id}`);
    await page.getByTestId('steps-shown').getByText('Steps 1 to 200').waitFor();
    await stepOf(page, 'reserve').waitFor();
    assert.equal(await page.getByTestId('step').count(), 200);
    const pages = page.getByRole('navigation', { name: 'Pages of steps' });
    await pages.getByRole('button', { name: 'Next' }).click();
    await page.getByTestId('steps-shown').getByText('Steps 201 to 400').waitFor();
    await page.waitForURL('**steps=200*');
    await pages.getByRole('button', { name: 'Last' }).click();
    await page.getByTestId('steps-shown').getByText('Steps 9,801 to 9,992').waitFor();
    await stepOf(page, 'approval').getByText('Waiting').waitFor();
    assert.ok(await pages.getByRole('button', { name: 'Next' }).isDisabled());
    await page.reload();
    await stepOf(page, 'approval').waitFor();
    // The axis moves each second while a step is open.
    const task = await page.evaluate(() => new Promise((resolve) => {
      const long = [];
      new PerformanceObserver((seen) => { long.push(...seen.getEntries().map(({ duration }) => duration)); }).observe({ type: 'longtask' });
      setTimeout(() => resolve(Math.max(0, ...long)), 3_500);
    }));
    assert.ok(task < 1_000, `the page was busy for ${task} ms`);
    await pages.getByRole('button', { name: 'First' }).click();
    await page.getByTestId('steps-shown').getByText('Steps 1 to 200').waitFor();
    assert.deepEqual(page.problems, []);
  });

  for (const { name, ...options } of [{ name: 'a desktop' }, { name: 'a phone', viewport: PHONE, hasTouch: true, isMobile: true }]) {
    it(`is accessible and fits ${name}`, async () => {
      const approve = await order(`Order on ${name}`, { approval: true });
      const broken = await order(`Broken order on ${name}`, { fail_at: 'ship' });
      await Promise.all([reaches(approve, 'waiting'), reaches(broken, 'dlq')]);
      const page = await openPage(world.browser, world.url, { ...options, storageState: world.storage, reducedMotion: 'reduce' });
      const found = [];
      await world.client.post(`/job/${approve._id}/events/early`);
      await settled(page, `/jobs/${approve._id}`);
      await stepOf(page, 'approval').locator('summary').click();
      await page.getByTestId('event').waitFor();
      found.push(...(await problems(page, 'a waiting job')));
      await page.getByRole('button', { name: 'Send event', exact: true }).first().click();
      await page.getByRole('dialog').getByText('Valid JSON').waitFor();
      found.push(...(await problems(page, 'an event')));
      await settled(page, `/jobs/${world.asleep._id}`);
      await page.getByTestId('waits').waitFor();
      found.push(...(await problems(page, 'a sleeping job')));
      await settled(page, `/jobs/${broken._id}`);
      await stepOf(page, 'ship').locator('summary').click();
      await details(page, 'ship').waitFor();
      found.push(...(await problems(page, 'a failed step')));
      await page.getByRole('button', { name: 'Redrive from a step' }).click();
      for (const mode of ['From a step', 'What did not complete', 'Everything, with this payload']) {
        await page.getByRole('dialog').getByLabel(mode).check();
        found.push(...(await problems(page, `a redrive: ${mode}`)));
      }
      await settled(page, `/jobs/${world.many._id}?steps=9800`);
      await stepOf(page, 'approval').waitFor();
      found.push(...(await problems(page, 'the last of many steps')));
      assert.deepEqual(found, []);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  }

  it('lets a viewer change nothing', async () => {
    const user = { username: 'Stella', email: 'stella@example.com', password: 'correct horse 9', role: 'viewer' };
    await world.client.post('/members', user);
    const viewer = await openPage(world.browser, world.url);
    await logIn(viewer, user);
    const failed = (await world.client.get(`/dlq?queue=${QUEUE}&limit=1`)).jobs[0];
    for (const id of [world.asleep._id, world.many._id, failed._id]) {
      await viewer.goto(`/jobs/${id}`);
      await viewer.getByTestId('step').first().locator('summary').click();
      await viewer.getByTestId('step-details').waitFor();
      assert.equal(await viewer.getByRole('button', { name: /Send event|Redrive/ }).count(), 0);
    }
    await viewer.context().close();
  });

  it('cancels a waiting job at once', async () => {
    const { page } = world;
    await page.goto(`/jobs/${world.asleep._id}`);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByTestId('waits').waitFor({ state: 'detached' });
    await stepOf(page, 'cool').getByText('Not ended').waitFor();
    await world.client.post(`/job/${world.many._id}/cancel`);
  });
}
