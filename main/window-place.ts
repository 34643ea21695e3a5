/** Where the window stood, in `window.json` of the data directory. Lost or odd, it is made anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const rectangle = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(100).max(20_000),
  height: z.number().int().min(100).max(20_000),
});
type Rectangle = z.infer<typeof rectangle>;
const place = z.object({ bounds: rectangle, maximized: z.boolean() });

export interface Place {
  readonly bounds: Partial<Rectangle> & Pick<Rectangle, 'width' | 'height'>;
  readonly maximized: boolean;
}

const firstPlace: Place = { bounds: { width: 1280, height: 800 }, maximized: false };

/** `areas`: of the screens that are there now; a window on one that is gone comes back to the first. */
export function placeOf(home: string, areas: readonly Rectangle[]): Place {
  const kept = read(home);
  if (!kept) return firstPlace;
  const { x, y, width, height } = kept.bounds;
  // Enough of its title bar to take hold of.
  const isSeen = areas.some(
    (area) =>
      x + width - 100 >= area.x &&
      x + 100 <= area.x + area.width &&
      y >= area.y &&
      y + 30 <= area.y + area.height,
  );
  return isSeen ? kept : { bounds: { width, height }, maximized: kept.maximized };
}

/** What cannot be kept is no reason to stay open. */
export function keepPlace(home: string, { bounds, maximized }: z.infer<typeof place>): void {
  const { x, y, width, height } = bounds;
  try {
    writeFileSync(fileOf(home), JSON.stringify({ bounds: { x, y, width, height }, maximized }), {
      mode: 0o600,
    });
  } catch {
    // The next window opens where the first one did.
  }
}

function read(home: string): z.infer<typeof place> | undefined {
  try {
    return place.parse(JSON.parse(readFileSync(fileOf(home), 'utf8')));
  } catch {
    return undefined;
  }
}

const fileOf = (home: string): string => join(home, 'window.json');
