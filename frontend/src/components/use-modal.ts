import { useEffect, useEffectEvent, type RefObject } from 'react';

import { focused, placeOf, returnTo, type FocusPlace } from '@/lib/focus-place';

/** Where the focus was when a dialog opened, for one that opens in its place. */
const before = new WeakMap<Element, FocusPlace | null>();

/**
 * Opens a `<dialog>` as modal while mounted; Escape and a click beside it close it, and the focus returns. Without
 * `onClose` only its own content closes it.
 */
export function useModal(ref: RefObject<HTMLDialogElement | null>, onClose?: () => void): void {
  const close = useEffectEvent(() => onClose?.());
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    const opener = focused();
    const place = opener ? placeOf(opener) : null;
    const former = opener?.closest('dialog');
    before.set(dialog, place);
    let open = true;
    const onCancel = (event: Event): void => {
      event.preventDefault();
      close();
    };
    const onPress = (event: MouseEvent): void => { if (event.target === dialog) close(); };
    // Before a second `cancel` without a click between, the browser closes it whatever the first said, and for a moment a
    // click would reach the page below. Those that know no `closedby` are stopped at the key; what closes it otherwise opens it again.
    const onKey = (event: KeyboardEvent): void => { if (event.key === 'Escape' && dialog.getAttribute('closedby') === 'none') event.preventDefault(); };
    const onClosed = (): void => { if (open) dialog.showModal(); };
    dialog.showModal();
    dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    dialog.addEventListener('cancel', onCancel);
    dialog.addEventListener('keydown', onKey);
    dialog.addEventListener('close', onClosed);
    dialog.addEventListener('mousedown', onPress);
    return () => {
      open = false;
      dialog.removeEventListener('cancel', onCancel);
      dialog.removeEventListener('keydown', onKey);
      dialog.removeEventListener('close', onClosed);
      dialog.removeEventListener('mousedown', onPress);
      dialog.close();
      returnTo(former && !former.isConnected ? (before.get(former) ?? null) : place);
    };
  }, [ref]);
}
