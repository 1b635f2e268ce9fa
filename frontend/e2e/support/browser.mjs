/** Real Chromium, without a window and without calls home. */
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';

const ARGS = [
  '--no-sandbox',
  '--headless=shell',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-dev-shm-usage',
];
export const DESKTOP = { width: 1440, height: 900 };
export const TABLET = { width: 820, height: 1180 };
export const PHONE = { width: 390, height: 844 };
const WAIT_MS = 20_000;

export async function launch() {
  return playwright.launch({ ...(await browser()), args: ARGS, headless: true });
}

/** The package has Chromium for Linux on x86-64; elsewhere an installed Chrome is used. */
async function browser() {
  if (process.env.CHROMIUM) return { executablePath: process.env.CHROMIUM };
  if (process.platform === 'linux' && process.arch === 'x64') return { executablePath: await chromium.executablePath() };
  return { channel: 'chrome' };
}

/** A page in a context of its own. `problems` collects what the page threw or complained about. */
export async function openPage(browser, url, { viewport = DESKTOP, colorScheme = 'light', ...options } = {}) {
  const context = await browser.newContext({ baseURL: url, viewport, colorScheme, locale: 'en-GB', timezoneId: 'UTC', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  page.on('console', (message) => {
    // The browser itself reports answers such as 401; they are part of the tests.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource') && !message.text().startsWith('WebSocket connection')) page.problems.push(message.text());
  });
  return page;
}

export async function logIn(page, { email, password }) {
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await live(page);
}

export function live(page, timeout = WAIT_MS) {
  return page.locator('[data-testid=live-pill][data-live=live]').waitFor({ timeout });
}

/** The row of a job by its name. */
export function row(page, name) {
  return page.locator('[data-job]').filter({ has: page.getByRole('link', { name, exact: true }) });
}
