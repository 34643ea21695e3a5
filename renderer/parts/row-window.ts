/** A window on a long list: of a million rows only those exist that can be seen, and a few around them. */
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

/** Browsers lay out no more than some ten million pixels. A longer list scrolls faster than its pixels. */
const mostPixels = 8_000_000;
/** Rows above and below what can be seen: what one turn of a wheel brings in. */
const around = 5;

export interface RowWindow {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly onScroll: () => void;
  /** From `first` to before `last` are to be there. */
  readonly first: number;
  readonly last: number;
  /** The first that is seen whole. */
  readonly top: number;
  /** How many are seen whole. */
  readonly visible: number;
  /** Pixels that stand for the rows before and after. */
  readonly before: number;
  readonly after: number;
  /** Scrolls no further than it takes to see this row. */
  reveal(row: number): void;
}

/** @param head the height of what stays in view above the rows, in pixels like `rowHeight` */
export function useRowWindow(count: number, rowHeight: number, head: number): RowWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const [height, setHeight] = useState(rowHeight * 16);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = new ResizeObserver(() => setHeight(element.clientHeight));
    measure.observe(element);
    return () => measure.disconnect();
  }, []);
  const rows = height - head;
  const pixels = Math.min(count * rowHeight, mostPixels);
  const speed = pixels > rows ? (count * rowHeight - rows) / (pixels - rows) : 1;
  const at = Math.min(scrolled * speed, Math.max(0, count * rowHeight - rows));
  const first = Math.max(0, Math.floor(at / rowHeight) - around);
  const last = Math.min(count, Math.ceil((at + rows) / rowHeight) + around);
  const before = Math.max(0, at / speed - (at - first * rowHeight));
  const reveal = useCallback(
    (row: number) => {
      const element = scroller.current;
      if (!element) return;
      const shown = element.scrollTop * speed;
      const lowest = (row + 1) * rowHeight - rows;
      if (row * rowHeight < shown) element.scrollTop = (row * rowHeight) / speed;
      else if (lowest > shown) element.scrollTop = Math.ceil(lowest / speed);
    },
    [speed, rowHeight, rows],
  );
  return {
    scroller,
    onScroll: useCallback(() => setScrolled(scroller.current?.scrollTop ?? 0), []),
    first,
    last,
    top: Math.ceil(at / rowHeight),
    visible: Math.max(1, Math.floor(rows / rowHeight)),
    before,
    after: Math.max(0, pixels - before - (last - first) * rowHeight),
    reveal,
  };
}
