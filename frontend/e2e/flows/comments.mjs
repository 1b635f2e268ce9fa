import assert from 'node:assert/strict';
import { it } from 'node:test';

import { problems } from '../support/axe.mjs';
import { DESKTOP, live, openPage, PHONE, row } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

/** Comments on a dead letter and on its group, written in one tab and seen in another. */
export function comments(world) {
  for (const [device, options] of Object.entries({ desktop: { viewport: DESKTOP }, phone: { viewport: PHONE, hasTouch: true, isMobile: true, colorScheme: 'dark' } })) {
    it(`comments on a dead letter and on its error on a ${device}`, async () => {
      const { client, page: other } = world;
      const queue = `talk-${device}`;
      const job = await client.create({ name: `Talk fail ${device}`, queue, maxRetries: 0 });
      await waitUntil(async () => (await client.statusOf(job._id)) === 'dlq', { ms: 60_000, what: () => 'the job to fail' });
      const page = await openPage(world.browser, world.url, { ...options, storageState: world.storage, reducedMotion: 'reduce' });

      await other.goto(`/dlq?queue=${queue}`);
      await live(other);
      await row(other, job.name).waitFor();
      await page.goto(`/jobs/${job._id}`);
      await live(page);
      const panel = page.getByRole('region', { name: 'Comments' });
      await panel.getByText('None').waitFor();
      assert.ok(await panel.getByRole('button', { name: 'Add comment' }).isDisabled());
      await panel.getByLabel('New comment').fill('The bank is down.\nRedrive at noon.');
      await page.keyboard.press('Control+Enter');
      await panel.getByTestId('comment').getByText('Redrive at noon.').waitFor();
      assert.equal(await panel.getByLabel('New comment').inputValue(), '');
      await panel.getByText('Olga').waitFor();
      await row(other, job.name).getByText('1 comment').waitFor();

      assert.deepEqual(await problems(page, 'comments on a job'), []);

      const [{ group }] = (await client.get(`/dlq/groups`)).groups.filter((each) => each.tasks.includes('simulated'));
      await page.goto(`/dlq?queue=${queue}&group=${group}`);
      const about = page.getByRole('region', { name: 'Comments on this error' });
      await about.getByLabel('New comment').fill('Known since the last release');
      await about.getByRole('button', { name: 'Add comment' }).click();
      const written = about.getByTestId('comment').filter({ hasText: 'Known since the last release' });
      await written.first().waitFor();
      await page.getByTestId('dlq-group').getByText(/\d+ comments?$/).first().waitFor();
      assert.deepEqual(await problems(page, 'comments on an error'), []);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= (options.viewport.width));

      await written.getByRole('button', { name: 'Delete the comment of Olga' }).click();
      await written.waitFor({ state: 'detached' });
      await page.goto(`/jobs/${job._id}`);
      await panel.getByRole('button', { name: 'Delete the comment of Olga' }).click();
      await panel.getByText('None').waitFor();
      await row(other, job.name).getByText('1 comment').waitFor({ state: 'detached' });
      assert.deepEqual(page.problems, []);
      await page.context().close();
      await client.post('/dlq/delete', { filter: { queue } });
    });
  }
}
