import { focused, isFocusable, placeOf, returnTo, type FocusPlace } from './focus-place';

/** Toasts: when one disappears, the focus returns to where it was before. */
const PASSING = '[data-passing]';

/**
 * Returns the focus when the element that has it is removed, disabled or hidden: a button whose action is done, a row
 * that left its list, a page that was left. Without it the focus falls to the body, and whoever uses the keyboard or a
 * screen reader starts at the top of the page.
 */
export function keepFocus(): void {
  let last: HTMLElement | null = null;
  let place: FocusPlace | null = null;
  document.addEventListener('focusin', () => {
    last = focused();
    if (last && !last.closest(PASSING)) place = placeOf(last);
  });
  // A press on an empty spot drops the focus on purpose.
  document.addEventListener('pointerdown', () => { last = null; }, { capture: true });
  const look = (): void => {
    if (last === null || focused() !== null || isFocusable(last)) return;
    returnTo(place);
    // Nothing takes it before the next page is there.
    if (focused() !== null) last = focused();
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['disabled', 'hidden', 'class', 'open'] });
}
