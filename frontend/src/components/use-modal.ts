import { useEffect, useEffectEvent, type RefObject } from 'react';

/** Gives the focus back; to the page itself where what opened the dialog is gone, never to nothing. */
function restoreFocus(opener: Element | null): void {
  if (opener instanceof HTMLElement && opener.isConnected && opener !== document.body) opener.focus();
  if (document.activeElement === document.body) document.getElementById('content')?.focus();
}

/**
 * Opens a `<dialog>` as modal while mounted; Escape and a click beside it close; the focus goes back afterwards. Without
 * `onClose` nothing but its own content ends it.
 */
export function useModal(ref: RefObject<HTMLDialogElement | null>, onClose?: () => void): void {
  const close = useEffectEvent(() => onClose?.());
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    const opener = document.activeElement;
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
      restoreFocus(opener);
    };
  }, [ref]);
}
