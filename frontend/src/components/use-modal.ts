import { useEffect, useEffectEvent, type RefObject } from 'react';

/** Opens a `<dialog>` as modal while mounted; Escape and a click beside it close; the focus goes back afterwards. */
export function useModal(ref: RefObject<HTMLDialogElement | null>, onClose: () => void): void {
  const close = useEffectEvent(onClose);
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    const opener = document.activeElement;
    const onCancel = (event: Event): void => {
      event.preventDefault();
      close();
    };
    const onPress = (event: MouseEvent): void => { if (event.target === dialog) close(); };
    dialog.showModal();
    dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    dialog.addEventListener('cancel', onCancel);
    dialog.addEventListener('mousedown', onPress);
    return () => {
      dialog.removeEventListener('cancel', onCancel);
      dialog.removeEventListener('mousedown', onPress);
      dialog.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, [ref]);
}
