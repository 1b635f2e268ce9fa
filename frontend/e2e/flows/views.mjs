import assert from 'node:assert/strict';
import { it } from 'node:test';

import { problems } from '../support/axe.mjs';
import { DESKTOP, live, openPage, PHONE } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

/** Saved views: save what a list shows, open it elsewhere, delete it. */
export function views(world) {
  for (const [device, options] of Object.entries({ desktop: { viewport: DESKTOP }, phone: { viewport: PHONE, hasTouch: true, isMobile: true, colorScheme: 'dark' } })) {
    it(`saves a view, opens and deletes it on a ${device}`, async () => {
      const page = await openPage(world.browser, world.url, { ...options, storageState: world.storage, reducedMotion: 'reduce' });
      const name = `Billing on the ${device}`;
      const dialog = page.getByRole('dialog', { name: 'Views' });
      await page.goto('/dlq?queue=billing&q=timeout');
      await live(page);
      await page.getByRole('button', { name: 'Views', exact: true }).click();
      await dialog.getByLabel('Save these filters as').fill(name);
      await dialog.getByLabel('Share it with the workspace').check();
      await dialog.getByLabel('Save these filters as').press('Enter');
      const saved = dialog.getByTestId('view').filter({ hasText: name });
      await saved.getByText('Shared').waitFor();
      assert.deepEqual(await problems(page, 'saved views'), []);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= options.viewport.width);
      await page.goto('/dlq');
      await page.getByRole('button', { name: 'Views', exact: true }).click();
      await saved.getByRole('link').click();
      await dialog.waitFor({ state: 'detached' });
      const shown = () => Object.fromEntries(new URL(page.url()).searchParams);
      await waitUntil(() => shown().queue === 'billing' && shown().q === 'timeout', { what: () => 'the filters of the view' });
      await page.getByRole('button', { name: 'Views', exact: true }).click();
      await saved.getByRole('button', { name: `Delete the view ${name}` }).click();
      await saved.waitFor({ state: 'detached' });
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  }
}
