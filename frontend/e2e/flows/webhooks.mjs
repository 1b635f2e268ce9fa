import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, it } from 'node:test';

import { DESKTOP, openPage, PHONE } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

/** The signature of a message by a secret, as Standard Webhooks has it. */
function signature({ headers, body }, secret) {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return `v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(signed).digest('base64')}`;
}

/** Webhooks from the first message to the last, against a receiver on this machine. */
export function webhooks(world) {
  const received = [];
  let status = 200;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      received.push({ headers: request.headers, body, path: request.url });
      response.writeHead(status).end('thanks');
    });
  });
  before(() => new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); }));
  after(() => { server.closeAllConnections(); server.close(); });
  const arrived = (path, type) => waitUntil(() => received.find((each) => each.path === path && JSON.parse(each.body).type === type), { ms: 90_000, what: () => `${type} at ${path}` });

  for (const [device, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    it(`creates, tests, pauses and deletes a webhook on a ${device}`, async () => {
      const page = await openPage(world.browser, world.url, { viewport, storageState: world.storage, reducedMotion: 'reduce' });
      const path = `/${device}`;
      const url = `http://127.0.0.1:${server.address().port}${path}`;
      const name = `Receiver of the ${device}`;
      const dialog = (title) => page.getByRole('dialog', { name: title });
      const copied = async (title) => {
        const secret = (await dialog(title).getByTestId('webhook-secret').innerText()).trim();
        await dialog(title).getByRole('button', { name: 'I have copied it' }).click();
        return secret;
      };
      status = 200;
      await page.goto('/settings/webhooks');
      await page.getByRole('button', { name: 'New webhook' }).click();
      const form = dialog('New webhook');
      await form.getByLabel('URL').fill(url);
      await form.getByLabel('Description').fill(name);
      await form.getByLabel(/^job\.cancelled/).check();
      await form.getByRole('button', { name: 'Create' }).click();
      const secret = await copied('New webhook');
      assert.match(secret, /^whsec_/);

      const job = await world.client.create({ name: 'Reported', delayS: 3600 });
      await world.client.post(`/job/${job._id}/cancel`);
      const message = await arrived(path, 'job.cancelled');
      assert.equal(JSON.parse(message.body).data._id, job._id);
      assert.equal(message.headers['webhook-signature'], signature(message, secret));

      await page.getByRole('button', { name: `Rotate the secret of ${name}` }).click();
      await dialog('Rotate the secret').getByRole('button', { name: 'New secret' }).click();
      const next = await copied('Rotate the secret');
      await page.getByRole('button', { name: `Test ${name}` }).click();
      const test = await arrived(path, 'webhook.test');
      assert.deepEqual(test.headers['webhook-signature'].split(' '), [signature(test, next), signature(test, secret)]);

      await page.getByRole('link', { name }).click();
      const deliveries = page.getByRole('region', { name: 'Deliveries' });
      await deliveries.getByText('delivered').nth(1).waitFor();
      await deliveries.getByText('webhook.test', { exact: true }).click();
      await deliveries.getByText('thanks').first().waitFor(); // of the newest
      await deliveries.getByRole('button', { name: `Send job.cancelled of job:${job._id} again` }).click();
      const twice = () => received.filter((each) => each.headers['webhook-id'] === message.headers['webhook-id']).length === 2;
      await waitUntil(twice, { ms: 90_000, what: () => 'the message to come again' });
      await page.getByRole('link', { name: 'All webhooks' }).click();

      await page.getByRole('button', { name: `Pause ${name}` }).click();
      await page.getByRole('button', { name: `Resume ${name}` }).click();
      await page.getByRole('button', { name: `Change ${name}` }).click();
      await dialog('Change webhook').getByLabel(/^job\.skipped/).check();
      await dialog('Change webhook').getByRole('button', { name: 'Save' }).click();
      await page.getByText('job.dead job.cancelled job.skipped').waitFor();
      await page.getByRole('button', { name: `Delete ${name}` }).click();
      await dialog('Delete webhook').getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('link', { name }).waitFor({ state: 'detached' });
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  }

  it('refuses a URL that is none, at its field', async () => {
    const { page } = world;
    await page.goto('/settings/webhooks');
    await page.getByRole('button', { name: 'New webhook' }).click();
    const form = page.getByRole('dialog', { name: 'New webhook' });
    await form.getByLabel('URL').fill('ftp://example.com/');
    await form.getByRole('button', { name: 'Create' }).click();
    await form.getByRole('alert').first().waitFor();
    await form.getByRole('button', { name: 'Close' }).last().click();
  });
}
