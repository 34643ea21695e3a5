import { type RefObject, useEffect, useState } from 'react';

/**
 * The width of an element, whenever it changes, in CSS pixels; 0 until it is known. A picture that is drawn for it
 * keeps its letters at their size in a narrow window.
 */
export function useWidth(place: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return width;
}
