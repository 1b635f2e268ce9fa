import assert from 'node:assert/strict';
import { it } from 'node:test';

import { waitUntil } from '../support/wait.mjs';

/** Schedules: write one, see when it fires, run it, pause it, read its history, delete it. */
export function schedules(world) {
  const row = (name) => world.page.getByTestId('schedule').filter({ has: world.page.getByRole('link', { name, exact: true }) });

  it('creates a schedule whose expression it says in words', async () => {
    const { page } = world;
    await page.goto('/schedules');
    await page.getByRole('button', { name: 'New schedule' }).click();
    const dialog = page.getByRole('dialog', { name: 'New schedule' });
    await dialog.getByLabel('Schedule', { exact: true }).fill('nightly-report');
    await dialog.getByLabel('Expression').fill('often');
    await dialog.getByTestId('preview').getByText('five fields').waitFor();
    assert.equal(await dialog.getByRole('button', { name: 'Create schedule' }).isDisabled(), false, 'the API says what is wrong');
    await dialog.getByLabel('Expression').fill('30 2 * * *');
    await dialog.getByLabel('Time zone').selectOption('Europe/Berlin');
    const preview = dialog.getByTestId('preview');
    await preview.getByText('At 02:30 every day (Europe/Berlin)').waitFor();
    await waitUntil(async () => (await preview.getByRole('listitem').count()) === 5, { what: () => 'five fires' });
    await dialog.getByRole('button', { name: 'Create schedule' }).click();
    await row('nightly-report').getByText('Active', { exact: true }).waitFor();
    await row('nightly-report').getByText('At 02:30 every day (Europe/Berlin)').waitFor();
    await row('nightly-report').getByText('Has not fired yet').waitFor();
  });

  it('pauses, resumes and runs it', async () => {
    const { page } = world;
    await row('nightly-report').getByRole('button', { name: 'Pause nightly-report' }).click();
    await row('nightly-report').getByText('Paused', { exact: true }).waitFor();
    await row('nightly-report').getByText('No further fire').waitFor();
    await row('nightly-report').getByRole('button', { name: 'Resume nightly-report' }).click();
    await row('nightly-report').getByText('Active', { exact: true }).waitFor();
    await row('nightly-report').getByRole('button', { name: 'Run nightly-report now' }).click();
    await page.getByText('makes a job now').first().waitFor();
    await row('nightly-report').getByRole('link', { name: 'nightly-report', exact: true }).click();
    await page.waitForURL('**/schedules/nightly-report');
    const run = page.getByTestId('run').first();
    await run.getByText('Run by hand').waitFor();
    await run.getByRole('link', { name: /^Job / }).click();
    await page.getByRole('link', { name: 'nightly-report', exact: true }).waitFor();
  });

  it('shows fires as they come, and why one has no job', async () => {
    const { page, client } = world;
    await client.put('/schedules/each-second', { everyS: 1, task: 'simulated', overlap: 'skip' });
    await page.goto('/schedules/each-second');
    await page.getByTestId('run').getByRole('link', { name: /^Job / }).first().waitFor();
    await page.getByTestId('run').getByText('A job of the schedule was open').first().waitFor();
    await client.post('/schedules/each-second/pause');
    await page.getByText('Paused', { exact: true }).waitFor();
  });

  it('changes it and deletes it', async () => {
    const { page } = world;
    await page.goto('/schedules/nightly-report');
    await page.getByRole('button', { name: 'Change' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change nightly-report' });
    await dialog.getByRole('button', { name: 'Interval' }).click();
    await dialog.getByTestId('preview').getByText('Every hour').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Every hour').first().waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog', { name: 'Delete this schedule' }).getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(/\/schedules$/);
    await row('nightly-report').waitFor({ state: 'detached' });
  });
}
