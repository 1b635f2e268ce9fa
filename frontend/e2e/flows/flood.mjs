import assert from 'node:assert/strict';
import { it } from 'node:test';

import { live } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

const BULKS = 5;
const SIZE = 1_000;
/**
 * What the page's main thread may work for a second's worth of events, in seconds. Counted in processor time: how long
 * frames take says as much about what else runs on the machine.
 */
const BUSY_S_PER_1000 = 1;

/** Seconds of processor time that the page's main thread has used. */
async function mainThreadSeconds(cdp) {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value;
}

/** A flood of real events in front of an open page. */
export function flood(world) {
  it('stays responsive under 1,000 events a second and makes no double rows', async (context) => {
    const { page } = world;
    await page.goto('/?limit=200');
    await live(page);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const before = await mainThreadSeconds(cdp);
    const jobs = (bulk) => Array.from({ length: SIZE }, (_, n) => ({ name: `Flood ${bulk}-${n}`, delayS: 7200, queue: 'flood' }));
    for (let bulk = 0; bulk < BULKS; bulk += 1) {
      await world.client.post('/job/bulk', { jobs: jobs(bulk) });
      // In the middle of it, the page still does what it is asked for.
      await page.getByTestId('card-running').click();
      await page.getByTestId('card-running').click();
    }
    await page.getByRole('link', { name: `Flood ${BULKS - 1}-${SIZE - 1}`, exact: true }).waitFor();
    const busy = ((await mainThreadSeconds(cdp)) - before) / BULKS;
    context.diagnostic(`${busy.toFixed(2)} s of the main thread for 1,000 events`);
    assert.ok(busy < BUSY_S_PER_1000, `1,000 events keep the main thread busy for ${busy.toFixed(2)} s`);

    const ids = await page.locator('[data-job]').evaluateAll((rows) => rows.map((one) => one.dataset.job));
    assert.equal(new Set(ids).size, ids.length);
    const { stats } = await world.client.get('/job/stats?scope=tenant'); // as the page counts
    await waitUntil(async () => (await page.getByTestId('card-pending').innerText()).includes(stats.pending.toLocaleString('en')), { what: () => `the card to show ${stats.pending}` });
    assert.deepEqual(page.problems, []);
  });
}
