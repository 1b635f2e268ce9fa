import assert from 'node:assert/strict';
import { it } from 'node:test';

import { live } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

const BULKS = 5;
const SIZE = 1_000;
/** The longest that the page may not answer, on a machine that also runs the whole stack. */
const FROZEN_MS = 1_000;

/** A flood of real events in front of an open page. */
export function flood(world) {
  it('stays responsive under 1,000 events a second and makes no double rows', async () => {
    const { page } = world;
    await page.goto('/?limit=200');
    await live(page);
    await page.evaluate(() => {
      window.frames_ = { last: performance.now(), longest: 0 };
      const tick = (now) => {
        window.frames_.longest = Math.max(window.frames_.longest, now - window.frames_.last);
        window.frames_.last = now;
        requestAnimationFrame(tick);
      };
      requestAnimationFrame((now) => { window.frames_.last = now; tick(now); });
    });
    const jobs = (bulk) => Array.from({ length: SIZE }, (_, n) => ({ name: `Flood ${bulk}-${n}`, delay_s: 7200, queue: 'flood' }));
    for (let bulk = 0; bulk < BULKS; bulk += 1) await world.client.post('/job/bulk', { jobs: jobs(bulk) });
    await page.getByRole('link', { name: `Flood ${BULKS - 1}-${SIZE - 1}`, exact: true }).waitFor();

    const ids = await page.locator('[data-job]').evaluateAll((rows) => rows.map((one) => one.dataset.job));
    assert.equal(new Set(ids).size, ids.length);
    const { longest } = await page.evaluate(() => window.frames_);
    assert.ok(longest < FROZEN_MS, `froze for ${Math.round(longest)} ms`);
    const { stats } = await world.client.get('/job/stats');
    await waitUntil(async () => (await page.getByTestId('card-pending').innerText()).includes(stats.pending.toLocaleString('en')), { what: () => `the card to show ${stats.pending}` });
    assert.deepEqual(page.problems, []);
  });
}
