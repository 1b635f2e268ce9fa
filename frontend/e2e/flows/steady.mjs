import assert from 'node:assert/strict';
import { it } from 'node:test';

import { live, row } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

const LATER = { delayS: 7200, queue: 'steady' };
const LIST = '/?queue=steady';

async function arrive(world, names) {
  return (await world.client.post('/job/bulk', { jobs: names.map((name) => ({ ...LATER, name })) })).jobs;
}

/** Where a row is on the screen, in px from the top. */
const topOf = async (page, name) => Math.round((await row(page, name).boundingBox()).y);
const waiting = (page, text) => page.getByTestId('waiting-jobs').getByText(text).waitFor();

/** A list that fills while someone works with it. */
export function steady(world) {
  it('keeps rows where they are while one scrolls among them, and says how many are new', async () => {
    const { page } = world;
    await arrive(world, Array.from({ length: 40 }, (_, n) => `Early ${n}`));
    await page.goto(LIST);
    await live(page);
    await row(page, 'Early 39').waitFor();
    await page.keyboard.press('End');
    await waitUntil(async () => (await row(page, 'Early 5').count()) > 0 && (await page.evaluate(() => scrollY)) > 500, { what: () => 'the end of the list' });
    const before = await topOf(page, 'Early 5');
    await arrive(world, ['Late 1', 'Late 2', 'Late 3']);
    await waiting(page, '3 new jobs');
    assert.equal(await topOf(page, 'Early 5'), before);
    await page.getByTestId('waiting-jobs').click();
    await row(page, 'Late 3').waitFor();
    await page.getByTestId('waiting-jobs').waitFor({ state: 'detached' });
    await page.evaluate(() => scrollTo(0, 0));
    await arrive(world, ['At the top']);
    await row(page, 'At the top').waitFor();
  });

  it('keeps rows where they are while one selects, and counts the selected jobs that are still there', async () => {
    const { page } = world;
    const failures = page.waitForResponse(/finishedFrom=/); // what needs attention stands above the list
    await page.goto(`${LIST}&status=scheduled`);
    await live(page);
    await failures;
    for (const name of ['Late 1', 'Late 2']) await page.getByLabel(`Select ${name}`, { exact: true }).check();
    await page.getByText('2 jobs selected').waitFor();
    const before = await topOf(page, 'Late 1');
    const jobs = await arrive(world, ['Later still', 'Latest']);
    await waiting(page, '2 new jobs');
    assert.equal(await topOf(page, 'Late 1'), before);

    const [late] = (await world.client.get('/job?queue=steady&q=late+2&limit=1')).jobs;
    await world.client.post(`/job/${late._id}/cancel`);
    await page.getByText('1 job selected').waitFor();
    await row(page, 'Late 2').getByText('Cancelled', { exact: true }).waitFor();
    assert.ok(await page.getByLabel('Select Late 2', { exact: true }).isDisabled());
    await page.getByRole('button', { name: 'Clear the selection' }).click();
    await page.evaluate(() => scrollTo(0, 0)); // a list that was scrolled into, as by these clicks, stays as it is
    await row(page, 'Latest').waitFor();
    await row(page, 'Late 2').waitFor({ state: 'detached' });
    assert.equal(await page.locator(`[data-job="${jobs[1]._id}"]`).count(), 1);
  });

  it('does not move a row away from the pointer that aims at it', async () => {
    const { page } = world;
    await page.goto(LIST);
    await live(page);
    // near the top: a row below the window is out of the pointer's reach
    const target = await row(page, 'Later still').boundingBox();
    assert.ok(target.y + target.height < page.viewportSize().height);
    // a pointer that lies still aims at nothing: this one goes on moving, however long the job takes to arrive
    let moves = 0;
    const aim = () => page.mouse.move(target.x + 302 + (moves++ % 2), target.y + 22);
    await aim();
    await aim();
    const arriving = arrive(world, ['Under the pointer']);
    await waitUntil(async () => { await aim(); return (await page.getByTestId('waiting-jobs').getByText('1 new job').count()) > 0; }, { what: () => 'the new job, held back' });
    await arriving;
    await page.mouse.click(target.x + 302, target.y + 22);
    await page.getByRole('heading', { name: 'Later still' }).waitFor();
    await world.client.post('/job/actions', { action: 'cancel', filter: { queue: 'steady' } });
    assert.deepEqual(page.problems, []);
  });
}
