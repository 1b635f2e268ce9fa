import assert from 'node:assert/strict';
import { it } from 'node:test';

import { live, row } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

/** Collects all that a screen reader is told by itself from now on. */
const listen = (page) => page.evaluate(() => {
  window.announced = [];
  const regions = '[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]';
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const region = (target instanceof Element ? target : target.parentElement)?.closest(regions);
      if (region) window.announced.push(region.textContent);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
});

/** The API goes away and comes back while someone looks. */
export function outage(world) {
  it('says that the API is away, keeps what it showed, and reconnects by itself', async () => {
    const { page, stack, client } = world;
    const before = await client.create({ name: 'Before the outage', delayS: 3600 });
    await page.goto('/');
    await live(page);
    await row(page, 'Before the outage').waitFor();

    const pill = page.getByTestId('live-pill');
    await listen(page);
    const stopped = stack.stop();
    await waitUntil(async () => /^Reconnecting in \d+ s/.test(await pill.innerText()), { what: () => 'the pill to count down' });
    const counts = new Set();
    await waitUntil(async () => counts.add(await pill.innerText()).size > 4, { what: () => `the pill to count on from ${[...counts].join()}` });
    await stopped;
    await page.getByTestId('away-banner').getByText('The API can’t be reached').waitFor();
    await page.getByTestId('away-banner').getByText(/What you see is from \d\d:\d\d:\d\d/).waitFor();
    await page.getByText(/^Stale since \d\d:\d\d:\d\d/).first().waitFor({ timeout: 60_000 });
    const announced = await page.evaluate(() => window.announced);
    assert.ok(announced.includes('Connection lost, reconnecting'), announced.join());
    assert.deepEqual(announced.filter((text) => /\bin \d+ s/.test(text)), []);
    assert.equal(await row(page, 'Before the outage').count(), 1);
    const shown = await page.locator('[data-job]').count();
    assert.ok(shown > 0);

    await stack.start();
    await live(page, 60_000);
    await page.getByTestId('away-banner').waitFor({ state: 'detached', timeout: 40_000 });
    await client.create({ name: 'After the outage', delayS: 3600 });
    await row(page, 'After the outage').waitFor();
    assert.equal(await row(page, 'Before the outage').count(), 1);
    assert.equal(await client.statusOf(before._id), 'scheduled');
  });
}
