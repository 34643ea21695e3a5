/** A port that carries the contract and lets nothing through that is no message of it: a page can send anything. */
import type { MessagePortMain } from 'electron';
import { z } from 'zod';

/** As @orpc/standard-server-peer writes them: a request, or an event or a stop for one that runs. */
const message = z.union([
  z.object({ i: z.string(), t: z.literal(1).optional(), p: z.object({ u: z.string().startsWith('/') }) }),
  z.object({ i: z.string(), t: z.literal(3), p: z.object({ e: z.string() }) }),
  z.object({ i: z.string(), t: z.literal(4) }),
]);
/** Where the text ends and a file begins. */
const delimiter = 255;

/** What the server's adapter needs of a port. What is no message is dropped in silence. */
export function contractPort(port: MessagePortMain): Pick<MessagePortMain, 'on' | 'postMessage'> {
  const guarded = {
    on(event: string, listener: (event: Electron.MessageEvent) => void) {
      port.on(event as 'message', (given) => {
        if (event !== 'message' || isMessage(given?.data)) listener(given);
      });
      return guarded;
    },
    postMessage: (data: unknown) => port.postMessage(data),
  };
  return guarded as never;
}

function isMessage(data: unknown): boolean {
  try {
    return message.safeParse(JSON.parse(textOf(data))).success;
  } catch {
    return false;
  }
}

function textOf(data: unknown): string {
  if (!(data instanceof Uint8Array)) return typeof data === 'string' ? data : '';
  const end = data.indexOf(delimiter);
  return new TextDecoder().decode(end < 0 ? data : data.subarray(0, end));
}
