import assert from 'node:assert/strict';
import { it } from 'node:test';

import { problems } from '../support/axe.mjs';
import { DESKTOP, openPage, PHONE } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

/** Alert rules: from the form with its preview to a firing, a mute and the end. */
export function alerts(world) {
  for (const [device, options] of Object.entries({ desktop: { viewport: DESKTOP }, phone: { viewport: PHONE, hasTouch: true, isMobile: true } })) {
    it(`creates a rule that fires, mutes it and sees its end on a ${device}`, async () => {
      const queue = `stuck-${device}`;
      const name = `Stuck on the ${device}`;
      const page = await openPage(world.browser, world.url, { ...options, storageState: world.storage, reducedMotion: 'reduce' });
      const { client } = world;
      const dialog = (title) => page.getByRole('dialog', { name: title });
      const row = page.getByTestId('alert').filter({ hasText: name });
      await client.post(`/queues/${queue}/pause`);
      await client.create({ name: 'Stuck', queue });

      await page.goto('/alerts');
      await page.getByRole('button', { name: 'New rule' }).click();
      const form = dialog('New alert rule');
      await form.getByLabel('Name').fill(name);
      await form.getByLabel('Threshold').fill('x');
      await form.getByTestId('alert-preview').getByText('A number is missing').waitFor();
      await form.getByLabel('Threshold').fill('0.02');
      await form.getByLabel('Queue').fill(queue);
      await form.getByLabel('Holds for').fill('0');
      await form.getByTestId('alert-preview').getByText(`any queue`).waitFor({ state: 'detached' });
      await form.getByTestId('alert-preview').getByText(`(${queue})`).waitFor();
      await form.getByLabel('Severity').selectOption('Critical');
      assert.deepEqual(await problems(page, 'a new alert rule'), []);
      await form.getByRole('button', { name: 'Create rule' }).click();
      await form.waitFor({ state: 'detached' });

      // the state comes by an event, at the next evaluation
      await row.getByTestId('alert-state').getByText('Firing').waitFor({ timeout: 150_000 });
      await row.getByText(`(${queue})`).waitFor();
      await page.getByRole('link', { name }).click();
      const history = page.getByRole('region', { name: `History of ${name}` });
      await history.getByText('not resolved').waitFor();

      await page.getByRole('button', { name: `Mute ${name}` }).click();
      await dialog(`Mute ${name}`).getByLabel('For').selectOption('1 day');
      assert.deepEqual(await problems(page, 'muting an alert rule'), []);
      await dialog(`Mute ${name}`).getByRole('button', { name: 'Mute' }).click();
      await row.getByTestId('muted').waitFor();
      await page.getByRole('button', { name: `Unmute ${name}` }).click();
      await row.getByTestId('muted').waitFor({ state: 'detached' });

      await page.getByRole('button', { name: `Change ${name}` }).click();
      await dialog(`Change ${name}`).getByLabel('Threshold').fill('600');
      await dialog(`Change ${name}`).getByRole('button', { name: 'Save' }).click();
      await row.getByTestId('alert-state').getByText('Resolved').waitFor({ timeout: 150_000 });
      await history.getByText('not resolved').waitFor({ state: 'detached', timeout: 30_000 });
      assert.deepEqual(await problems(page, 'alert rules'), []);

      await page.getByRole('button', { name: `Delete ${name}` }).click();
      await dialog('Delete alert rule').getByRole('button', { name: 'Delete' }).click();
      await row.waitFor({ state: 'detached' });
      await client.post(`/queues/${queue}/resume`);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  }

  it('names the field that is wrong', async () => {
    const { page } = world;
    await page.goto('/alerts');
    await page.getByRole('button', { name: 'New rule' }).click();
    const form = page.getByRole('dialog', { name: 'New alert rule' });
    await form.getByLabel('Watches').selectOption('Failure rate');
    await form.getByLabel('Name').fill('Too many');
    await form.getByLabel('Threshold').fill('101');
    await form.getByTestId('alert-preview').getByText(/from 0.01 to 100/).waitFor();
    await form.getByRole('button', { name: 'Create rule' }).click();
    await form.getByRole('alert').getByText(/from 0.01 to 100/).waitFor();
    await form.getByRole('button', { name: 'Close' }).last().click();
  });

  it('is asked for by those who want mails', async () => {
    const { page, client } = world;
    await page.goto('/settings/notifications');
    await page.getByLabel('Mails about alerts').selectOption('When one fires or resolves');
    await waitUntil(async () => (await client.get('/me/notifications')).notifications.alerts, { what: () => 'the choice to be stored' });
    await page.getByLabel('Mails about alerts').selectOption('Never');
    await waitUntil(async () => !(await client.get('/me/notifications')).notifications.alerts, { what: () => 'the choice to be stored' });
  });
}
