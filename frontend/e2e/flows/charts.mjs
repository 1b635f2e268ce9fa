import assert from 'node:assert/strict';
import { it } from 'node:test';

import { live, openPage, PHONE, row } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

/** Runs of 80 s and more, as no test waits for: what the page makes of the API's numbers is what is looked at. */
const LONG_MS = 80_000;
const SERIES = /\/api\/metrics\/series/;
const latency = (page) => page.getByRole('img', { name: /^95th percentile/ });

async function withLongRuns(route) {
  const answer = await (await route.fetch()).json();
  const of = { p50: LONG_MS, p95: 3 * LONG_MS, p99: 4 * LONG_MS };
  await route.fulfill({ json: { ...answer, buckets: answer.buckets.map((bucket) => ({ ...bucket, run: of, wait: of })) } });
}

/** Notes every text that a canvas draws, and where it begins and ends in the canvas. */
function noteTexts() {
  window.drawn = [];
  const draw = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function fillText(text, x, y, ...rest) {
    const { a, e } = this.getTransform();
    const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right } = this.measureText(text);
    window.drawn.push({ text, from: x * a + e - left * a, to: x * a + e + right * a, width: this.canvas.width });
    return draw.call(this, text, x, y, ...rest);
  };
}

/** Charts: whole labels, room that is kept for them, and whose numbers they show. */
export function charts(world) {
  it('draws the labels of minutes whole, on a large screen and a phone', async () => {
    for (const options of [{}, { viewport: PHONE, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }]) {
      const page = await openPage(world.browser, world.url, { ...options, storageState: world.storage });
      await page.addInitScript(noteTexts);
      await page.route(SERIES, withLongRuns);
      for (const path of ['/', '/metrics']) {
        await page.goto(path);
        await live(page);
        const drawn = await waitUntil(() => page.evaluate(() => (window.drawn.some(({ text }) => text.includes('min')) ? window.drawn : null)), { what: () => `${path} to draw minutes` });
        assert.deepEqual(drawn.filter(({ from, to, width }) => from < 0 || to > width), [], path);
      }
      await page.context().close();
    }
  });

  it('keeps the room of charts on a phone while they load, so that nothing moves', async () => {
    const page = await openPage(world.browser, world.url, { viewport: PHONE, hasTouch: true, isMobile: true, storageState: world.storage });
    let held, release;
    await page.route(SERIES, async (route) => { await held; await route.continue(); });
    for (const [path, chart] of [['/', latency(page)], ['/metrics', page.getByRole('img', { name: /^Percentiles .* start to end/ })]]) {
      held = new Promise((resolve) => { release = resolve; });
      await page.goto(path);
      await live(page);
      await page.getByTestId('charts').locator('.skeleton').last().waitFor();
      const height = () => page.getByTestId('charts').evaluate((element) => Math.round(element.getBoundingClientRect().height));
      const before = await height();
      release();
      await chart.locator('canvas').waitFor();
      await page.getByTestId('charts').locator('.skeleton').first().waitFor({ state: 'detached' });
      assert.equal(await height(), before, path);
    }
    await page.context().close();
  });

  it('says whose numbers charts show, also where the list shows one’s own', async () => {
    const { page } = world;
    for (const [path, region] of [['/?scope=own', 'Last hour'], ['/?scope=own', 'Health']]) {
      await page.goto(path);
      await page.getByRole('region', { name: region }).getByText('whole workspace').waitFor();
    }
    await page.goto('/metrics');
    await page.getByRole('main').getByText('whole workspace').waitFor();
  });

  it('does not raise the success rate when dead jobs are redriven', async () => {
    const { page } = world;
    const names = ['Rated fail 1', 'Rated fail 2'];
    await world.client.post('/job/bulk', { jobs: [{ name: 'Rated' }, ...names.map((name) => ({ name, maxRetries: 0 }))] });
    const dead = async () => (await world.client.get('/dlq?q=rated&limit=10')).jobs.length === names.length;
    await waitUntil(dead, { what: () => 'two dead jobs' });
    const counted = async () => (await world.client.get('/metrics/series?window=hour')).total;
    const before = await waitUntil(async () => { const total = await counted(); return total.dlq >= names.length && total; }, { what: () => 'them to be counted' });
    await world.client.post('/dlq/redrive', { filter: { q: 'rated' } });
    await waitUntil(dead, { what: () => 'them to be dead again' });
    // what gave up stays counted, while it waits and when it gives up again
    const after = await waitUntil(async () => { const total = await counted(); return total.dlq >= before.dlq + names.length && total; }, { what: () => 'their second end to be counted' });
    await page.goto('/');
    await row(page, 'Rated fail 1').waitFor();
    const share = (100 * after.completed) / (after.completed + after.dlq);
    await waitUntil(async () => Math.abs(Number.parseFloat(await page.getByTestId('success-rate').innerText()) - share) < 0.2, { what: () => `a success rate of ${share.toFixed(1)}%` });
    await world.client.post('/dlq/delete', { filter: { q: 'rated' } });
  });
}
