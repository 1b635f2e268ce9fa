import { useEffect, useEffectEvent, type RefObject } from 'react';

import { focused, placeOf, returnTo } from '@/lib/focus-place';

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
    let open = true;
    const onCancel = (event: Event): void => {
      event.preventDefault();
      close();
    };
    const onPress = (event: MouseEvent): void => { if (event.target === dialog) close(); };
    // A second Escape closes it whatever `cancel` says.
    const onClosed = (): void => { if (open) dialog.showModal(); };
    dialog.showModal();
    dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    dialog.addEventListener('cancel', onCancel);
    dialog.addEventListener('close', onClosed);
    dialog.addEventListener('mousedown', onPress);
    return () => {
      open = false;
      dialog.removeEventListener('cancel', onCancel);
      dialog.removeEventListener('close', onClosed);
      dialog.removeEventListener('mousedown', onPress);
      dialog.close();
      returnTo(place);
    };
  }, [ref]);
}
