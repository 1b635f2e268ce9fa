import { waitUntil } from './wait.mjs';

/** What has the focus, in words for a failed test. */
export function focusedOn(page) {
  return page.evaluate(() => {
    const { tagName, textContent, ariaLabel, dataset } = document.activeElement;
    return `${tagName} ${ariaLabel ?? ''} ${dataset.job ?? ''} ${(textContent ?? '').slice(0, 40)}`;
  });
}

/** Resolves when `locator` has the focus. */
export async function focusIs(page, locator) {
  let seen = '';
  const has = async () => {
    seen = await focusedOn(page);
    return locator.evaluateAll((found) => found.includes(document.activeElement));
  };
  await waitUntil(has, { what: () => `the focus on ${locator}; it is on ${seen}` });
}

/** Of the row that has the focus: its number in its list, and whether something lies over it or it is out of sight. */
export function focusedRow(page) {
  return page.evaluate(() => {
    const row = document.activeElement?.closest('[data-job]');
    if (!row) return null;
    const { left, top, bottom } = row.getBoundingClientRect();
    const seen = [top + 3, bottom - 3].every((y) => row.contains(document.elementFromPoint(left + 60, y)));
    return { index: Number(row.dataset.index), hidden: !seen };
  });
}
