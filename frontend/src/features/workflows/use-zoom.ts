import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** So far that 1,000 nodes are seen at once; so near that a node fills a phone. */
const LEAST = 0.08;
const MOST = 2;
const STEP = 1.25;
/** Below this scale names cannot be read, so a graph is not shown smaller unless asked for. */
const READABLE = 0.7;

interface Size {
  width: number;
  height: number;
}

interface Point {
  x: number;
  y: number;
}

/** A point of the graph that is to stay at a place of the view. */
interface Anchor {
  graph: Point;
  view: Point;
}

const bounded = (scale: number): number => Math.min(MOST, Math.max(LEAST, scale));

const middle = (view: HTMLElement): Point => ({ x: view.clientWidth / 2, y: view.clientHeight / 2 });

function placeIn(view: HTMLElement, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const { left, top } = view.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

/** Distance and middle of two fingers. */
function pinchOf(view: HTMLElement, touches: TouchList): { distance: number; at: Point } | null {
  const [a, b] = touches;
  if (!a || !b) return null;
  const at = placeIn(view, { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 });
  return { distance: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY), at };
}

/** The scale of a graph in a view that scrolls: by buttons, the wheel with Ctrl, and two fingers. */
export function useZoom(ref: RefObject<HTMLDivElement | null>, size: Size, start: Point) {
  const [scale, setScale] = useState(1);
  const anchor = useRef<Anchor>(null);

  const zoomTo = (wanted: number, at?: Point): void => {
    const view = ref.current;
    if (!view) return;
    const place = at ?? middle(view);
    anchor.current = { graph: { x: (view.scrollLeft + place.x) / scale, y: (view.scrollTop + place.y) / scale }, view: place };
    setScale(bounded(wanted));
  };
  const fitScale = (): number => {
    const view = ref.current;
    return view ? Math.min(1, view.clientWidth / size.width, view.clientHeight / size.height) : 1;
  };

  useLayoutEffect(() => {
    const view = ref.current;
    const held = anchor.current;
    anchor.current = null;
    if (!view || !held) return;
    view.scrollTo(held.graph.x * scale - held.view.x, held.graph.y * scale - held.view.y);
  }, [ref, scale]);

  const begin = useEffectEvent(() => {
    const view = ref.current;
    if (!view) return;
    const first = Math.max(READABLE, bounded(fitScale()));
    anchor.current = { graph: start, view: middle(view) };
    setScale(first);
    // The effect above runs only if the scale changes.
    if (first === scale) view.scrollTo(start.x * first - view.clientWidth / 2, start.y * first - view.clientHeight / 2);
  });
  useLayoutEffect(() => { begin(); }, [size.width, size.height]);

  const wheel = useEffectEvent((event: WheelEvent) => {
    if (!event.ctrlKey || !ref.current) return;
    event.preventDefault();
    zoomTo(scale * Math.exp(-event.deltaY / 200), placeIn(ref.current, event));
  });
  const pinch = useRef<{ distance: number; scale: number }>(null);
  const touch = useEffectEvent((event: TouchEvent) => {
    const found = ref.current && pinchOf(ref.current, event.touches);
    if (!found) { pinch.current = null; return; }
    event.preventDefault();
    pinch.current ??= { distance: found.distance, scale };
    if (event.type === 'touchmove') zoomTo((pinch.current.scale * found.distance) / pinch.current.distance, found.at);
  });
  useEffect(() => {
    const view = ref.current;
    if (!view) return;
    const ended = new AbortController();
    // Listeners of React are passive, and could not keep the browser from zooming the page.
    const options = { passive: false, signal: ended.signal };
    view.addEventListener('wheel', (event) => { wheel(event); }, options);
    for (const type of ['touchstart', 'touchmove', 'touchend', 'touchcancel'] as const) view.addEventListener(type, (event) => { touch(event); }, options);
    return () => { ended.abort(); };
  }, [ref]);

  return {
    scale,
    zoomIn: () => { zoomTo(scale * STEP); },
    zoomOut: () => { zoomTo(scale / STEP); },
    fit: () => { zoomTo(fitScale()); },
    mayZoomIn: scale < MOST,
    mayZoomOut: scale > LEAST,
  };
}
