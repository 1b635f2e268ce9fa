import { useEffect, useState, type RefObject } from 'react';

/** Height of the bar that stays at the top of the window. */
const BAR_PX = 56;
/** A pointer that rests longer is idle. */
const AIMING_MS = 3_000;

function useScrolledInto(rows: RefObject<HTMLElement | null>): boolean {
  const [scrolled, setScrolled] = useState(false);
  useEffect(() => {
    const look = (): void => { setScrolled((rows.current?.getBoundingClientRect().top ?? BAR_PX) < BAR_PX); };
    window.addEventListener('scroll', look, { passive: true });
    return () => { window.removeEventListener('scroll', look); };
  }, [rows]);
  return scrolled;
}

function useAimingAt(rows: RefObject<HTMLElement | null>): boolean {
  const [aiming, setAiming] = useState(false);
  useEffect(() => {
    const element = rows.current;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = (): void => {
      clearTimeout(timer);
      setAiming(false);
    };
    const aim = (): void => {
      clearTimeout(timer);
      timer = setTimeout(stop, AIMING_MS);
      setAiming(true);
    };
    element?.addEventListener('pointermove', aim);
    element?.addEventListener('pointerdown', aim);
    element?.addEventListener('pointerleave', stop);
    return () => {
      clearTimeout(timer);
      element?.removeEventListener('pointermove', aim);
      element?.removeEventListener('pointerdown', aim);
      element?.removeEventListener('pointerleave', stop);
    };
  }, [rows]);
  return aiming;
}

/** Whether the user is about to act on a row: the list is scrolled, or a pointer moves over the rows. */
export function useAttention(rows: RefObject<HTMLElement | null>): boolean {
  const scrolled = useScrolledInto(rows);
  const aiming = useAimingAt(rows);
  return scrolled || aiming;
}
