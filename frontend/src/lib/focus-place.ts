/** Where the focus is on the page, in a way that outlives the element that has it. */

/** Takes the focus when something inside it is gone; named, so that it says where one is. */
const HOMES = 'section, dialog, main';
const ROW = '[data-job]';

export interface FocusPlace {
  element: HTMLElement;
  /** The row that it is in, and where in its list that is. */
  row: { element: HTMLElement; list: Element; index: number } | null;
  homes: HTMLElement[];
}

/** The element that has the focus; null while it is the page as a whole. */
export function focused(): HTMLElement | null {
  const element = document.activeElement;
  return element instanceof HTMLElement && element !== document.body ? element : null;
}

/** A row's number in its whole list, of which a table may show a part. */
const indexOf = (row: HTMLElement): number => Number(row.dataset['index'] ?? 0);

function homesOf(element: HTMLElement): HTMLElement[] {
  const homes: HTMLElement[] = [];
  for (let at = element.parentElement?.closest<HTMLElement>(HOMES); at; at = at.parentElement?.closest<HTMLElement>(HOMES)) homes.push(at);
  return homes;
}

export function placeOf(element: HTMLElement): FocusPlace {
  const row = element.closest<HTMLElement>(ROW);
  const list = row?.closest('[role=rowgroup], ul');
  return { element, row: row && list ? { element: row, list, index: indexOf(row) } : null, homes: homesOf(element) };
}

/** Whether an element can have the focus: it is there, shown and not disabled. */
export function isFocusable(element: HTMLElement): boolean {
  return element.isConnected && !element.matches(':disabled') && element.checkVisibility({ visibilityProperty: true });
}

/** The row that took the place of number `index`, or the one before it where that was the last. */
function rowAt(list: Element, index: number): Element | null {
  const at = (wanted: number): Element | null => list.querySelector(`${ROW}[data-index="${String(wanted)}"]`);
  return at(index) ?? at(index - 1);
}

/** Gives the focus to a row: to its link, which Enter opens. */
export function focusRow(row: Element | null | undefined): boolean {
  const link = row?.querySelector<HTMLElement>('a[href]');
  link?.focus({ preventScroll: true });
  return link !== undefined && document.activeElement === link;
}

function focusHome(home: HTMLElement): boolean {
  if (!home.hasAttribute('tabindex')) {
    home.tabIndex = -1;
    // A part that stays focusable would take the focus at each click on its text.
    home.addEventListener('blur', () => { home.removeAttribute('tabindex'); }, { once: true });
  }
  home.focus({ preventScroll: true });
  return document.activeElement === home;
}

function focusAgain(element: HTMLElement): boolean {
  if (!isFocusable(element)) return false;
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}

function focusNear(row: FocusPlace['row']): boolean {
  if (!row) return false;
  return row.element.isConnected ? focusRow(row.element) : focusRow(rowAt(row.list, row.index));
}

/**
 * Gives the focus back: to the element, else to its row or the one that took the row's place, else to the nearest part of
 * the page around it that is still there. Never to another control, which the next key would press.
 */
export function returnTo(place: FocusPlace | null): void {
  const returned = place !== null && (focusAgain(place.element) || focusNear(place.row) || place.homes.some((home) => isFocusable(home) && focusHome(home)));
  if (!returned) document.getElementById('content')?.focus({ preventScroll: true });
}
