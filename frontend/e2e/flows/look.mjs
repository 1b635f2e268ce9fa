import assert from 'node:assert/strict';
import { it } from 'node:test';

import { live, openPage, PHONE, TABLET } from '../support/browser.mjs';
import { seriousIssues } from '../support/axe.mjs';

const looks = [
  { name: 'light', colorScheme: 'light' },
  { name: 'dark', colorScheme: 'dark' },
  { name: 'on a tablet', colorScheme: 'light', viewport: TABLET, hasTouch: true },
  { name: 'on a phone', colorScheme: 'light', viewport: PHONE, hasTouch: true },
];
const inside = ['/', '/?new', '/dlq', '/queues', '/metrics', '/settings/profile', '/settings/password', '/settings/members', '/settings/theme', '/nowhere'];

/** Every page in both themes and on a phone: nothing serious for axe-core, nothing wider than the screen. */
export function look(world) {
  for (const { name, ...options } of looks) {
    it(`is accessible and fits ${name}`, async () => {
      const page = await openPage(world.browser, world.url, { ...options, storageState: world.storage, reducedMotion: 'reduce' });
      const { jobs } = await world.client.get('/job?limit=1&status=dlq');
      const found = [];
      for (const path of [...inside, `/jobs/${jobs[0]._id}`]) {
        await page.goto(path);
        await live(page);
        await page.locator('h1, h2, main p').first().waitFor();
        await page.locator('.skeleton').first().waitFor({ state: 'detached' });
        found.push(...(await problems(page, path)));
      }
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), options.colorScheme);
      assert.deepEqual(found, []);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });

    it(`is accessible before the log-in ${name}`, async () => {
      const page = await openPage(world.browser, world.url, options);
      const found = [];
      for (const path of ['/login', '/signup']) {
        await page.goto(path);
        await page.locator('h1').waitFor();
        found.push(...(await problems(page, path)));
      }
      assert.deepEqual(found, []);
      await page.context().close();
    });
  }
}

async function problems(page, path) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  const issues = await seriousIssues(page);
  return [...(wide > 0 ? [`${path} is ${wide} px too wide`] : []), ...issues.map((issue) => `${path} ${issue}`)];
}
