import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { live } from './browser.mjs';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What depends on colours alone. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * All that axe-core finds on the page, or in the dialog over it, in a line each: minor findings and advice too. With
 * `rules`, only what these find.
 */
export async function issues(page, rules) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const violations = await page.evaluate(async (runOnly) => {
    const found = await window.axe.run(document.querySelector('dialog[open]') ?? document, { resultTypes: ['violations'], ...(runOnly && { runOnly }) });
    return found.violations; // all it says of rules that hold would take long to get here
  }, rules);
  return violations.map(({ id, impact, nodes }) => `${id} (${impact}): ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`);
}

/** Goes to a page as a link does, without loading everything again; resolves when that page is shown. */
async function follow(page, path) {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  await page.waitForFunction(() => document.getElementById('content').dataset.at === location.pathname + location.search);
}

/** Opens a page and waits until nothing on it loads. `within`: from another page, without loading everything again. */
export async function settled(page, path, { within = false } = {}) {
  await (within ? follow(page, path) : page.goto(path));
  await live(page);
  await page.locator('h1').first().waitFor();
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
}

/** Rows that the browser does not draw keep the colours of the theme before, for axe-core too. */
function showAll() {
  for (const row of document.querySelectorAll('li')) if (getComputedStyle(row).contentVisibility === 'auto') row.style.contentVisibility = 'visible';
}

/**
 * What is wrong with a page, or the dialog over it: what axe-core finds in both themes, and whether it is too wide. The
 * theme changes with the system's; what is no matter of colours is the same in both. Without `dark`, in the light theme
 * alone.
 */
export async function problems(page, what, { dark = true } = {}) {
  const found = [];
  for (const [colorScheme, rules] of [['light'], ...(dark ? [['dark', COLOURS]] : [])]) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(showAll);
    await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, colorScheme);
    // with reduced motion each colour has a transition of its own, of one frame
    await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
    for (const issue of await issues(page, rules)) found.push(`${what}, ${colorScheme}: ${issue}`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return wide > 0 ? [...found, `${what} is ${wide} px too wide`] : found;
}
