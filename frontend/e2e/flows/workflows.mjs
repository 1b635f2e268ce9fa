import assert from 'node:assert/strict';
import { it } from 'node:test';

import { focusIs } from '../support/focus.mjs';
import { live, logIn, openPage, PHONE } from '../support/browser.mjs';
import { waitUntil } from '../support/wait.mjs';

const QUEUE = 'flows';
const base = { queue: QUEUE, maxRetries: 0 };

/** fetch leads to a map and to a node that fails; report needs the map, rescue the failure. */
const nodes = [
  { ...base, id: 'fetch', payload: { files: ['a', 'b', 'c'] } },
  { ...base, id: 'convert', needs: ['fetch'], map: { from: 'fetch.result.payload.files' }, payload: { file: { $from: 'item' } } },
  { ...base, id: 'publish', name: 'Publish, which fails', needs: ['fetch'] },
  { ...base, id: 'report', needs: ['convert'] },
  { ...base, id: 'inform', needs: ['publish'] },
  { ...base, id: 'rescue', needs: ['publish'], runIf: 'any_failed' },
];

/** 500 nodes: 25 layers of 20, each node after two of the layer before. */
const wide = Array.from({ length: 500 }, (_, n) => ({ ...base, id: `n${n}`, delayS: 7200, needs: n < 20 ? [] : [`n${n - 20}`, `n${n - (n % 20 === 0 ? 1 : 21)}`] }));

/** Workflows: the graph as it happens, by keyboard and finger, retry and cancellation, and who may see what. */
export function workflows(world) {
  const at = (page, id) => page.locator(`[data-node="${id}"]`);
  const panel = (page) => page.getByTestId('node-panel');
  const ends = (page, id, text) => at(page, id).and(page.getByRole('button', { name: text })).waitFor({ timeout: 60_000 });
  const start = async (name, given = nodes) => (await world.client.post('/workflows', { name, nodes: given })).workflow._id;

  it('creates a workflow from a document, and says where it is wrong', async () => {
    const { page } = world;
    await page.goto('/workflows');
    await page.getByRole('button', { name: 'New workflow' }).click();
    const dialog = page.getByRole('dialog', { name: 'New workflow' });
    const editor = dialog.getByLabel('Document').first();
    await editor.fill('{"name": "Wrong", "nodes": [{"id": "a"}, {"id": "b", "needs": ["c"]}]}');
    await dialog.getByRole('button', { name: 'Start workflow' }).click();
    await dialog.getByText('nodes.1.needs.0').waitFor();
    await dialog.getByText("There is no node 'c'").waitFor();
    await editor.fill('{"name": "Two steps", "nodes": [{"id": "a"}, {"id": "b", "needs": ["a"]}]}');
    await dialog.getByRole('button', { name: 'Start workflow' }).click();
    await page.waitForURL('**/workflows/*');
    await page.getByRole('heading', { name: 'Two steps' }).waitFor();
    await ends(page, 'b', 'b, Completed');
    await page.getByTestId('nodes-ended').getByText('2 of 2 ended').waitFor();
  });

  it('shows states and items as they change', async () => {
    const { page, client } = world;
    await client.post(`/queues/${QUEUE}/pause`);
    world.flow = await start('Import files');
    await page.goto('/workflows');
    await page.getByTestId('workflow').filter({ hasText: 'Import files' }).getByRole('link').click();
    await ends(page, 'fetch', 'fetch, Pending');
    await ends(page, 'convert', 'convert, Blocked, For each item');
    await page.evaluate(() => { window.notReloaded = true; });
    await client.post(`/queues/${QUEUE}/resume`);
    await ends(page, 'convert', 'convert, Completed, 3 of 3 done');
    await ends(page, 'publish', 'Publish, which fails, Failed');
    await ends(page, 'inform', 'inform, Skipped');
    await ends(page, 'rescue', 'rescue, Completed');
    await ends(page, 'report', 'report, Completed');
    await page.getByRole('button', { name: 'Retry failed' }).waitFor();
    assert.equal(await page.evaluate(() => window.notReloaded), true);
  });

  it('shows what a node is, waits for and did, and leads to its jobs and back', async () => {
    const { page } = world;
    await page.goto(`/workflows/${world.flow}`);
    await at(page, 'publish').click();
    await panel(page).getByTestId('node-error').getByText('SimulatedFailure').waitFor();
    await panel(page).getByRole('list', { name: 'Needed by' }).getByText('rescue').waitFor();
    await panel(page).getByRole('list', { name: 'Needs' }).getByRole('button', { name: 'fetch' }).click();
    await page.getByRole('region', { name: 'Node fetch' }).waitFor();
    await at(page, 'convert').click();
    await panel(page).getByTestId('node-items').getByText('3 of 3 done').waitFor();
    await panel(page).getByRole('link', { name: 'Jobs of its items' }).click();
    await page.getByText('3 jobs', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'convert 1', exact: true }).click();
    const details = page.getByRole('region', { name: 'Details' });
    await details.getByText(', item 1').waitFor();
    await details.getByRole('link', { name: 'Node convert' }).click();
    await page.getByRole('region', { name: 'Node convert' }).waitFor();
  });

  it('says how a failed node runs again, retries it there, and follows to its new job', async () => {
    const { page, client } = world;
    const { workflow } = await client.get(`/workflows/${world.flow}`);
    const { jobId } = workflow.nodes.find(({ id }) => id === 'publish');
    await page.goto(`/jobs/${jobId}`);
    await page.getByTestId('dependent').filter({ hasText: 'rescue' }).getByText('Completed').waitFor();
    await page.getByTestId('dependent').filter({ hasText: 'inform' }).getByText('Skipped').waitFor();
    assert.equal(await page.getByRole('button', { name: /Redrive|redrive/ }).count(), 0);
    await page.getByTestId('node-note').getByText('does not run again by itself').waitFor();
    await page.getByRole('button', { name: 'Retry in its workflow' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry from publish' });
    await dialog.getByText('3 nodes get new jobs').waitFor();
    await dialog.getByRole('button', { name: 'Retry 3 nodes' }).click();
    await page.waitForURL((url) => url.pathname.startsWith('/jobs/') && !url.pathname.endsWith(jobId));
    const next = page.url().split('/').at(-1);
    await page.getByRole('heading', { name: 'Publish, which fails' }).waitFor();
    const ended = async () => (await client.get(`/workflows/${world.flow}`)).workflow.status === 'failed';
    await waitUntil(ended, { ms: 60_000, what: () => 'the retry to end' });

    await page.goto(`/jobs/${jobId}`);
    await page.getByTestId('node-note').getByText('was retried since').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Retry in its workflow' }).count(), 0);
    await page.getByTestId('node-note').getByRole('link', { name: 'Publish, which fails' }).click();
    await page.waitForURL(`**/jobs/${next}`);
    await page.getByTestId('node-note').getByRole('link', { name: 'Import files' }).click();
    await page.getByRole('region', { name: 'Node Publish, which fails' }).waitFor();
  });

  it('retries a failed node from dead letters, where its payload cannot be edited', async () => {
    const { page, client } = world;
    const { workflow } = await client.get(`/workflows/${world.flow}`);
    const { jobId } = workflow.nodes.find(({ id }) => id === 'publish');
    await page.goto(`/dlq?queue=${QUEUE}`);
    const dead = page.locator(`[data-job="${jobId}"]`);
    assert.equal(await dead.getByRole('button', { name: /^Edit/ }).count(), 0);
    await dead.getByRole('button', { name: 'Retry Publish, which fails in its workflow' }).click();
    await page.getByRole('dialog', { name: 'Retry from publish' }).getByRole('button', { name: 'Retry 3 nodes' }).click();
    await page.waitForURL((url) => url.pathname.startsWith('/jobs/') && !url.pathname.endsWith(jobId));
    await waitUntil(async () => (await client.get(`/workflows/${world.flow}`)).workflow.status === 'failed', { ms: 60_000, what: () => 'the retry to end' });
  });

  it('walks the nodes by keyboard, and opens one', async () => {
    const { page } = world;
    await page.goto(`/workflows/${world.flow}`);
    await at(page, 'fetch').waitFor();
    await page.getByRole('link', { name: 'Skip the nodes' }).focus();
    await page.keyboard.press('Tab');
    await focusIs(page, at(page, 'fetch'));
    await page.keyboard.press('Tab');
    await focusIs(page, page.locator('[data-node="convert"], [data-node="publish"]'));
    await page.keyboard.press('Home');
    await focusIs(page, at(page, 'fetch'));
    await at(page, 'convert').focus();
    await page.keyboard.press('ArrowRight');
    await focusIs(page, at(page, 'report'));
    await page.keyboard.press('ArrowLeft');
    await focusIs(page, at(page, 'convert'));
    await page.keyboard.press((await at(page, 'convert').boundingBox()).y < (await at(page, 'publish').boundingBox()).y ? 'ArrowDown' : 'ArrowUp');
    await focusIs(page, at(page, 'publish'));
    await page.keyboard.press('Enter');
    await focusIs(page, panel(page));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await panel(page).waitFor({ state: 'detached' });
    await focusIs(page, at(page, 'publish'));
    await page.getByRole('link', { name: 'Skip the nodes' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await focusIs(page, page.getByRole('region', { name: 'Details' }).getByRole('button', { name: 'Copy the id' }));
  });

  it('has the same facts in a list', async () => {
    const { page } = world;
    await page.goto(`/workflows/${world.flow}`);
    await page.getByRole('button', { name: 'List' }).click();
    const row = (name) => page.getByRole('table', { name: 'Nodes' }).getByRole('row').filter({ has: page.getByRole('button', { name, exact: true }) });
    await row('convert').getByText('3 of 3 done').waitFor();
    await row('rescue').getByText('publish (one did not complete)').waitFor();
    await row('inform').getByText('Skipped').waitFor();
    await row('report').getByRole('button').press('Enter');
    await focusIs(page, panel(page));
    await page.reload();
    await page.getByRole('table', { name: 'Nodes' }).waitFor();
    await page.getByRole('region', { name: 'Node report' }).waitFor();
  });

  it('retries what failed and keeps what completed, then from a node', async () => {
    const { page, client } = world;
    const before = (await client.get(`/workflows/${world.flow}`)).workflow;
    await page.goto(`/workflows/${world.flow}`);
    await page.getByRole('button', { name: 'Retry failed' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry what did not complete' });
    await dialog.getByText('3 other nodes keep their jobs and results').waitFor();
    await dialog.getByRole('button', { name: 'Retry 3 nodes' }).click();
    await page.getByText('Retry 3 of “Import files” has begun').waitFor();
    const jobOf = (workflow, id) => workflow.nodes.find((node) => node.id === id).jobId;
    const after = await waitUntil(async () => { const { workflow } = await client.get(`/workflows/${world.flow}`); return workflow.status === 'failed' && workflow.run === 3 && workflow; }, { ms: 60_000, what: () => 'the retry to end' });
    assert.equal(jobOf(after, 'report'), jobOf(before, 'report'));
    assert.notEqual(jobOf(after, 'publish'), jobOf(before, 'publish'));
    await at(page, 'convert').click();
    await panel(page).getByRole('button', { name: 'Retry from here' }).click();
    await page.getByRole('dialog', { name: 'Retry from convert' }).getByRole('button', { name: 'Retry 2 nodes' }).click();
    await page.getByText('Retry 4 of “Import files” has begun').waitFor();
    await panel(page).getByText('Retry 4', { exact: true }).waitFor();
    await ends(page, 'report', 'report, Completed');
  });

  it('cancels a workflow after a confirmation', async () => {
    const { page, client } = world;
    const id = await start('Late import', [{ ...base, id: 'late', delayS: 7200 }, { ...base, id: 'later', needs: ['late'] }]);
    await page.goto(`/workflows/${id}`);
    await page.getByRole('button', { name: 'Cancel' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel this workflow' });
    await dialog.getByText('2 nodes of “Late import” have not ended').waitFor();
    await dialog.getByRole('button', { name: 'Cancel the workflow' }).click();
    await ends(page, 'late', 'late, Cancelled');
    assert.equal((await client.get(`/workflows/${id}`)).workflow.status, 'cancelled');
    await page.goto('/workflows?status=cancelled');
    await page.getByTestId('workflow').filter({ hasText: 'Late import' }).waitFor();
    assert.equal(await page.getByTestId('workflow').count(), 1);
  });

  it('stays usable with 500 nodes, whose states change', async () => {
    const { page, client } = world;
    world.large = await start('Large import', wide);
    await page.goto(`/workflows/${world.large}`);
    await at(page, 'n0').waitFor({ timeout: 120_000 });
    assert.equal(await page.locator('[data-node]').count(), 500);
    // The layout is made beside the page, and one node that changes is drawn alone.
    await page.evaluate(() => { window.drawn = new Set(); new MutationObserver((found) => { for (const { target } of found) window.drawn.add((target.nodeType === 1 ? target : target.parentElement).closest('[data-node]')?.dataset.node); }).observe(document.querySelector('[data-testid=graph]'), { subtree: true, childList: true, attributes: true, characterData: true }); });
    const { workflow } = await client.get(`/workflows/${world.large}`);
    await client.post(`/job/${workflow.nodes[0].jobId}/retry`);
    await ends(page, 'n0', 'n0, Completed');
    assert.ok(await page.evaluate(() => window.drawn.size) < 50, 'one change draws few nodes');
    await at(page, 'n0').focus();
    await page.keyboard.press('End');
    await waitUntil(() => page.evaluate(() => document.activeElement?.dataset.node !== 'n0' && 'node' in (document.activeElement?.dataset ?? {})), { what: () => 'the focus on the last node' });
    await page.getByRole('button', { name: 'Show the whole graph' }).click();
    await waitUntil(() => page.evaluate(() => { const view = document.querySelector('[role=group][aria-label=Graph]'); return view.scrollWidth <= view.clientWidth + 1 && view.scrollHeight <= view.clientHeight + 1; }), { what: () => 'the whole graph in view' });
    await page.getByRole('button', { name: 'List' }).click();
    await page.getByTestId('node-row').nth(499).waitFor();
    assert.deepEqual(page.problems, []);
  });

  it('pans and zooms on a phone, where the graph runs down', async () => {
    const page = await openPage(world.browser, world.url, { viewport: PHONE, hasTouch: true, isMobile: true, storageState: world.storage });
    await page.goto(`/workflows/${world.flow}`);
    await live(page);
    await at(page, 'fetch').waitFor();
    const [first, next] = await Promise.all(['fetch', 'report'].map((id) => at(page, id).boundingBox()));
    assert.ok(next.y > first.y, 'what needs another node is below it');
    const scale = () => page.getByLabel('Scale').innerText();
    const before = await scale();
    await page.getByRole('button', { name: 'Zoom in' }).tap();
    await waitUntil(async () => (await scale()) !== before, { what: () => 'another scale' });
    const zoomed = await scale();
    const view = page.getByRole('group', { name: 'Graph' });
    await view.evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const fingers = (apart) => [-1, 1].map((side, identifier) => new Touch({ identifier, target: element, clientX: left + width / 2 + side * apart, clientY: top + height / 2 }));
      const send = (type, touches) => element.dispatchEvent(new TouchEvent(type, { touches, targetTouches: touches, changedTouches: touches, bubbles: true, cancelable: true }));
      send('touchstart', fingers(100));
      send('touchmove', fingers(50));
      send('touchend', []);
    });
    await waitUntil(async () => Number.parseInt(await scale(), 10) < Number.parseInt(zoomed, 10), { what: () => 'a smaller scale after two fingers closed' });
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= PHONE.width);
    await at(page, 'publish').tap();
    await panel(page).getByTestId('node-error').waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  it('shows an operator the workflows of every workspace, and lets a viewer change none', async () => {
    const page = await openPage(world.browser, world.url);
    await logIn(page, world.operator);
    await page.goto('/workflows');
    const row = page.getByTestId('workflow').filter({ hasText: 'Import files' });
    await row.getByText(/Olga/).waitFor();
    await row.getByRole('link').click();
    await page.getByRole('region', { name: 'Details' }).getByRole('link', { name: 'Olga' }).first().waitFor();
    await page.getByRole('button', { name: 'Retry failed' }).waitFor();
    await page.context().close();

    const user = { username: 'Wim', email: 'wim@example.com', password: 'correct horse 9', role: 'viewer' };
    await world.client.post('/members', user);
    const viewer = await openPage(world.browser, world.url);
    await logIn(viewer, user);
    await viewer.goto(`/workflows/${world.flow}?node=publish`);
    await panel(viewer).getByTestId('node-error').waitFor();
    assert.equal(await viewer.getByRole('button', { name: /^Retry|^Cancel/ }).count(), 0);
    await viewer.goto('/workflows');
    await viewer.getByTestId('workflow').first().waitFor();
    assert.equal(await viewer.getByRole('button', { name: 'New workflow' }).count(), 0);
    await viewer.goto(`/workflows/${'0'.repeat(24)}`);
    await viewer.getByText('This workflow does not exist').waitFor();
    await viewer.context().close();
  });

  it('makes a job wait for others in the new-job dialog', async () => {
    const { page, client } = world;
    const need = await client.create({ name: 'Needed', queue: QUEUE, delayS: 7200 });
    await page.goto('/?new');
    const dialog = page.getByRole('dialog', { name: 'New job' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Follows');
    await dialog.getByLabel('Depends on').fill('0'.repeat(24));
    await dialog.getByRole('button', { name: 'Create job' }).click();
    await dialog.getByRole('alert').first().waitFor();
    await dialog.getByLabel('Depends on').fill(need._id);
    await dialog.getByLabel('Run if').selectOption('One did not complete');
    await dialog.getByRole('button', { name: 'Create job' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Follows', exact: true }).click();
    await page.getByText('Runs when all have ended and one did not complete.').waitFor();
    const needed = page.getByTestId('need').filter({ hasText: 'Needed' });
    await needed.getByText('Scheduled').waitFor();
    await client.post(`/job/${need._id}/cancel`);
    await needed.getByText('Cancelled').waitFor();
    await page.getByRole('main').getByText('Completed', { exact: true }).first().waitFor({ timeout: 60_000 });
  });
}
