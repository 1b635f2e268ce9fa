import assert from 'node:assert/strict';
import { it } from 'node:test';

import { DESKTOP, live, openPage, PHONE, row } from '../support/browser.mjs';
import { focusedRow, focusIs } from '../support/focus.mjs';
import { waitUntil } from '../support/wait.mjs';

const ROWS = 20;
const names = (what) => Array.from({ length: ROWS }, (_, n) => `${what} ${n}`);
const lists = [
  { path: '/?queue=keys&status=scheduled', selected: '1 job selected' },
  { path: '/dlq?queue=keys', selected: '1 job selected' },
];
const BROKEN = { status: 500, contentType: 'application/json', body: '{"success":false,"message":"Broken on purpose","code":"internal"}' };

/** Lets every change fail from now on, but not what only asks or counts. */
const breakChanges = (page) => page.route('**/api/**', (route) => {
  const request = route.request();
  const asks = request.method() === 'GET' || request.url().endsWith('/ws/ticket') || request.postData()?.includes('"dryRun":true');
  return asks ? route.continue() : route.fulfill(BROKEN);
});

/** Presses `key` and resolves when row `index` has the focus; fails when something lies over it. */
async function walk(page, key, index) {
  await page.keyboard.press(key);
  const there = await waitUntil(async () => { const now = await focusedRow(page); return now?.index === index && now; }, { what: () => `row ${index} after ${key}` });
  assert.ok(!there.hidden, `row ${index} is hidden after ${key}`);
}

async function open(page, path) {
  await page.goto(path);
  await live(page);
  await page.locator('[data-job]').first().waitFor();
}

/** Opens a dialog from `opener`, leaves it in each of the `ways`, and expects the focus where it was. */
async function leaves(page, opener, dialog, ways) {
  for (const leave of ways) {
    await opener.focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await leave(dialog);
    await dialog.waitFor({ state: 'detached' });
    await focusIs(page, opener);
  }
}

const escape = (dialog) => dialog.page().keyboard.press('Escape');
const by = (name) => async (dialog) => {
  await dialog.getByRole('button', { name, exact: true }).last().focus();
  await dialog.page().keyboard.press('Enter');
};

/** The keyboard alone: rows, shortcuts, and where the focus is after all that happens. */
export function keys(world) {
  it('has jobs that wait and jobs that failed', async () => {
    const jobs = [...names('Wait').map((name) => ({ name, delayS: 7200 })), ...names('Broken fail').map((name) => ({ name, maxRetries: 0 }))];
    await world.client.post('/job/bulk', { jobs: jobs.map((job) => ({ ...job, queue: 'keys' })) });
    await waitUntil(async () => (await world.client.get('/dlq?queue=keys&limit=1&count=true')).total === ROWS, { ms: 120_000, what: () => 'the jobs to fail' });
  });

  for (const [device, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    it(`walks, selects and opens rows of both lists, none of them under a bar, on a ${device}`, async () => {
      const page = await openPage(world.browser, world.url, { viewport, storageState: world.storage, reducedMotion: 'reduce' });
      for (const { path, selected } of lists) {
        await open(page, path);
        await walk(page, 'j', 0);
        await page.keyboard.press('x');
        await page.getByText(selected).waitFor();
        for (let index = 1; index < ROWS; index += 1) await walk(page, 'j', index);
        await walk(page, 'j', ROWS - 1);
        for (let index = ROWS - 2; index >= 8; index -= 1) await walk(page, 'Shift+K', index);
        for (let stop = 0; stop < 8; stop += 1) {
          await page.keyboard.press('Shift+Tab');
          assert.ok(!(await focusedRow(page))?.hidden, `hidden after ${stop + 1} Shift+Tab in ${path}`);
        }
        await walk(page, 'j', (await focusedRow(page)).index + 1);
        const name = await page.evaluate(() => document.activeElement.textContent);
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name, exact: true }).waitFor();
        await focusIs(page, page.getByRole('main'));
      }
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  }

  it('keeps the filter under a new job, and takes no second key of a pair for one of its own', async () => {
    const { page } = world;
    await open(page, lists[0].path);
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'New job' });
    await dialog.waitFor();
    assert.match(page.url(), /\?queue=keys&status=scheduled&new=$/);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.ok(page.url().endsWith(lists[0].path));
    await page.getByRole('navigation', { name: 'Pages' }).getByText(`${ROWS} jobs`, { exact: true }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('j');
    await page.waitForURL((url) => url.search === '');
    assert.equal(await focusedRow(page), null);
  });

  it('gives the focus back when a dialog is left', async () => {
    const { page } = world;
    const dialog = (name) => page.getByRole('dialog', { name, exact: true });
    const button = (name) => page.getByRole('button', { name, exact: true }).first();
    await open(page, lists[0].path);
    await leaves(page, button('New job'), dialog('New job'), [escape, by('Close')]);
    await leaves(page, button('Keyboard shortcuts'), dialog('Keyboard shortcuts'), [escape, by('Close')]);
    await button('New job').focus();
    await page.keyboard.press('Control+k');
    await dialog('Command palette').waitFor();
    await page.keyboard.press('Escape');
    await focusIs(page, button('New job'));
    await walk(page, 'j', 0);
    await page.keyboard.press('x');
    const bar = page.getByRole('toolbar', { name: 'Selected jobs' });
    await leaves(page, bar.getByRole('button', { name: 'Cancel' }), dialog('Cancel jobs'), [escape, by('Back')]);

    await open(page, lists[1].path);
    await leaves(page, button('Redrive Broken fail 7'), dialog('Redrive jobs'), [escape, by('Back')]);
    await leaves(page, button('Edit and redrive Broken fail 7'), dialog('Edit and redrive'), [by('Close')]);
    await page.keyboard.press('x');
    await leaves(page, button('Delete selected'), dialog('Delete jobs'), [escape, by('Back')]);

    await row(page, 'Broken fail 7').getByRole('link').click();
    await leaves(page, button('Delete'), dialog('Delete this job'), [escape, by('Back')]);

    await world.client.post('/members', { username: 'Kim', email: 'kim@example.com', password: 'correct horse 9', role: 'member' });
    await page.goto('/settings/members');
    await leaves(page, button('Add'), dialog('Add a member'), [escape, by('Close')]);
    await leaves(page, button('Reset the password of Kim'), dialog('Reset the password of Kim'), [escape, by('Back')]);
    await leaves(page, button('Remove Kim'), dialog('Remove Kim'), [escape, by('Back')]);
  });

  it('gives the focus to what is nearest when the button is gone with what it did', async () => {
    const { page } = world;
    const dialog = page.getByRole('dialog');
    const confirm = async (name) => {
      await dialog.getByRole('button', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
    };
    const press = async (locator) => {
      await locator.focus();
      await page.keyboard.press('Enter');
    };
    await open(page, '/dlq?queue=keys&sort=finished');
    const [first, second] = await page.locator('[data-job] a').allInnerTexts();
    await press(page.getByRole('button', { name: `Redrive ${first}`, exact: true }));
    await confirm('Redrive 1 job');
    await row(page, first).waitFor({ state: 'detached' });
    await focusIs(page, row(page, second).getByRole('link'));

    await open(page, lists[0].path);
    await walk(page, 'j', 0);
    await page.keyboard.press('x');
    await press(page.getByRole('toolbar').getByRole('button', { name: 'Cancel' }));
    await confirm('Cancel 1 job');
    await page.getByRole('toolbar').waitFor({ state: 'detached' });
    await focusIs(page, page.getByRole('region', { name: 'Job list' }));

    await row(page, 'Wait 16').getByRole('link').focus();
    await page.keyboard.press('Enter');
    await press(page.getByRole('main').getByRole('button', { name: 'Cancel' }));
    await page.getByRole('main').getByText('Cancelled', { exact: true }).first().waitFor();
    await focusIs(page, page.getByRole('main'));
    await press(page.getByRole('button', { name: 'Delete', exact: true }));
    await confirm('Delete');
    await page.waitForURL((url) => url.pathname === '/');
    await focusIs(page, page.getByRole('main'));

    await page.goto('/settings/members');
    await press(page.getByRole('button', { name: 'Remove Kim' }));
    await confirm('Remove');
    await page.getByText('kim@example.com').waitFor({ state: 'detached' });
    await focusIs(page, page.getByRole('region', { name: 'Members' }));

    await page.goto('/?tag=none');
    await press(page.getByRole('button', { name: 'Remove the filter tag none' }));
    await page.waitForURL((url) => url.search === '');
    await focusIs(page, page.getByRole('region', { name: 'Job list' }));
  });

  it('leaves the focus where it is when an action fails, and gives it back when its message is dismissed', async () => {
    const { page } = world;
    const failed = page.getByRole('alert').getByText('Broken on purpose');
    const fails = async (locator) => {
      await locator.focus();
      await page.keyboard.press('Enter');
      await failed.first().waitFor();
      await focusIs(page, locator);
    };
    await breakChanges(page);
    await page.goto('/queues');
    await fails(page.getByRole('button', { name: 'Pause keys' }));
    await page.getByRole('button', { name: 'Dismiss' }).first().focus();
    await page.keyboard.press('Enter');
    await focusIs(page, page.getByRole('button', { name: 'Pause keys' }));

    await open(page, lists[0].path);
    await row(page, 'Wait 15').getByRole('link').click();
    await fails(page.getByRole('button', { name: 'Run now' }));
    await open(page, lists[1].path);
    const one = page.locator('[data-job]').first().getByRole('button').last();
    await one.click();
    const dialog = page.getByRole('dialog', { name: 'Redrive jobs' });
    await fails(dialog.getByRole('button', { name: 'Redrive 1 job' }));
    await page.keyboard.press('Escape');
    await focusIs(page, one);

    await page.goto('/?new=simulated');
    await fails(page.getByRole('dialog').getByRole('button', { name: 'Create job' }));
    await page.unrouteAll();
    assert.deepEqual(page.problems, []);
    await world.client.post('/job/actions', { action: 'cancel', filter: { queue: 'keys' } });
    await world.client.post('/dlq/delete', { filter: { queue: 'keys' } });
  });
}
