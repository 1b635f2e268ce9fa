import { useRef, type PointerEvent } from 'react';

/** Moves a view that scrolls with the mouse; fingers do so by themselves. */
export function useDrag() {
  const last = useRef<{ x: number; y: number }>(null);
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.pointerType !== 'mouse' || event.button !== 0 || (event.target as Element).closest('button')) return;
      last.current = { x: event.clientX, y: event.clientY };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (!last.current) return;
      event.currentTarget.scrollBy(last.current.x - event.clientX, last.current.y - event.clientY);
      last.current = { x: event.clientX, y: event.clientY };
    },
    onPointerUp: () => { last.current = null; },
    onPointerCancel: () => { last.current = null; },
  };
}
