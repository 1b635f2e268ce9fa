import { it } from 'node:test';

import { live, openPage } from '../support/browser.mjs';

/** A server that takes connections and answers nothing: stopped, not ended. */
export function hang(world) {
  it('says within seconds that a server which hangs is away, and reconnects when it is back', async () => {
    const page = await openPage(world.browser, world.url, { storageState: world.storage });
    await page.goto('/');
    await live(page);
    const pill = page.getByTestId('live-pill');
    world.stack.freeze();
    try {
      await pill.getByText(/^Reconnecting/).waitFor({ timeout: 30_000 });
      await page.getByTestId('away-banner').getByText('The API can’t be reached').waitFor({ timeout: 40_000 });
      await page.getByText(/^Stale since/).first().waitFor({ timeout: 40_000 });
    } finally {
      world.stack.thaw();
    }
    await live(page, 60_000);
    await page.getByTestId('away-banner').waitFor({ state: 'detached', timeout: 40_000 });
    await page.context().close();
  });
}
